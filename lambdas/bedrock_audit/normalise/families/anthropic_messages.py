"""Reads Anthropic's Messages: strings and blocks mixed, streams joined per block, prefilled answers.

A response is told with or without `id`, `role` and `usage`: what a guardrail blocked has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bedrock_audit.normalise.anthropic_content import TYPES, read_content
from bedrock_audit.normalise.anthropic_facts import READ, read_facts
from bedrock_audit.normalise.anthropic_stream import EVENTS, stream
from bedrock_audit.normalise.messages import read_messages
from bedrock_audit.normalise.noise import NOISE, SCHEMA_NOISE, is_word
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.roles import ASSISTANT, NOBODY, PARAMETER, SYSTEM, TOOL
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.tools import read_tools
from bedrock_audit.normalise.voice import Voice
from bedrock_audit.record import NO_TURN

NAME = "anthropic-messages"

_PARAMETERS = {
    "tool_choice": NOISE,
    "stop_sequences": frozenset[str](),
    "output_format": SCHEMA_NOISE,
    "output_config": SCHEMA_NOISE,
    "context_management": NOISE,
    "mcp_servers": NOISE,
    "container": NOISE,
    "thinking": NOISE,
    "compaction": NOISE,
    "fallbacks": NOISE | SCHEMA_NOISE,
    "diagnostics": NOISE | {"previous_message_id"},
    "thread": NOISE | {"previous_message_id"},
}
_REQUEST = frozenset({"messages", "system", "tools", "metadata", *_PARAMETERS})
_MESSAGE = frozenset({"content"})
_USER = frozenset({"user_id"})
_SYSTEM = Voice(SYSTEM)
_OTHERS = frozenset({SYSTEM, TOOL})
_RESPONSE = READ | {"content"}
_WORDS = frozenset(
    {
        *("model", "speed", "inference_geo", "anthropic-beta", "anthropic-version", "betas"),
        *("workspace_id", "user_profile_id", "fallback_credit_token"),
    }
)


def request(body: dict[str, Any], reading: Reading) -> None:
    """Every message is a turn; a last message of the assistant's is the beginning of the answer, put into its mouth."""
    at = reading.at
    if "system" in body:
        read_content(body["system"], f"{at}/system", reading, voice=_SYSTEM)
    if "tools" in body:
        read_tools(body["tools"], f"{at}/tools", reading)
    read_messages(body.get("messages"), f"{at}/messages", reading, read=_message)
    for key, noise in _PARAMETERS.items() if not _PARAMETERS.keys().isdisjoint(body) else ():
        if key in body:
            value, place = body[key], f"{at}/{key}"
            reading.say_json(value, place, role=NOBODY, kind=PARAMETER, skip=noise)
    if "metadata" in body:
        _end_user(body, at, reading)
    reading.rest(body, _REQUEST, at, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """One message; `stop_sequence` repeats one of the request's."""
    at = reading.at
    read_content(body.get("content"), f"{at}/content", reading, voice=Voice(ASSISTANT, reading.turn))
    read_facts(body, at, reading)
    reading.rest(body, _RESPONSE, at, role=ASSISTANT, turn=reading.turn, words=_WORDS)


def _message(message: dict[str, Any], at: str, reading: Reading, turn: int) -> None:
    role = role_named(message.get("role"))
    voice = Voice(role, NO_TURN if role is SYSTEM else turn)
    read_content(message.get("content"), f"{at}/content", reading, voice=voice)
    reading.rest(message, _MESSAGE, at, role=voice.role, turn=voice.turn)


def _end_user(body: dict[str, Any], at: str, reading: Reading) -> None:
    metadata = reading.object(body, "metadata", at)
    user = metadata.get("user_id")
    if type(user) is str:
        reading.end_user = user
    # An id is a word; whoever put more than that here gets it read.
    reading.rest(metadata, _USER if is_word(user) else frozenset(), f"{at}/metadata")


def _is_messages(body: dict[str, Any], model: str) -> bool:
    """Told by its version, else by blocks that only this form has, else by the model's name."""
    if "anthropic_version" in body:
        return True
    messages = body.get("messages")
    types: set[str] = set()
    for message in messages if type(messages) is list else ():
        if type(message) is not dict:
            continue
        if "tool_calls" in message or role_named(message.get("role")) in _OTHERS:
            return False
        if type(message.get("content")) is list:
            types.update(_types(message["content"]))
    if not types <= TYPES:
        return False
    return bool(types - {"text"}) or "anthropic" in model or "claude" in model or ("system" in body and bool(messages))


def _types(blocks: list[Any]) -> Iterator[str]:
    return (kind for block in blocks if type(block) is dict and type(kind := block.get("type")) is str)


def _has_content(body: dict[str, Any], _model: str) -> bool:
    return type(body.get("content")) is list and ("type" in body or any(_types(body["content"])))


def _is_event(chunk: dict[str, Any], _model: str) -> bool:
    """The Responses API, which numbers its events, has an `error` too."""
    return type(chunk["type"]) is str and chunk["type"] in EVENTS and "sequence_number" not in chunk


FAMILY = Family(
    requests=(Shape(name=NAME, keys=frozenset({"messages", "anthropic_version"}), read=request, fits=_is_messages),),
    responses=(Shape(name=NAME, keys=frozenset({"content"}), read=response, fits=_has_content),),
    streams=(Shape(name=NAME, keys=frozenset({"type"}), read=stream, fits=_is_event),),
)
