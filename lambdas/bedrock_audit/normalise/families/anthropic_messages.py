"""Reads Anthropic's Messages: strings and blocks mixed, streams joined per block, prefilled answers.

A response is told with or without `id`, `role` and `usage`: what a guardrail blocked has none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bedrock_audit.normalise.anthropic_content import TYPES, read_content
from bedrock_audit.normalise.anthropic_stream import EVENTS, read_usage, stream
from bedrock_audit.normalise.messages import read_messages
from bedrock_audit.normalise.noise import NOISE, SCHEMA_NOISE, is_word
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.voice import Voice
from bedrock_audit.record import NO_TURN, PartKind, Role

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
}
_REQUEST = frozenset({"messages", "system", "tools", "metadata", *_PARAMETERS})
_MESSAGE = frozenset({"content"})
_USER = frozenset({"user_id"})
_SYSTEM = Voice(Role.SYSTEM)
_OTHERS = frozenset({Role.SYSTEM, Role.TOOL})
_RESPONSE = frozenset({"content", "usage", "stop_sequence"})
_WORDS = frozenset({"model", "speed", "inference_geo", "anthropic-beta", "anthropic-version"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """Every message is a turn; a last message of the assistant's is the beginning of the answer, put into its mouth."""
    at = reading.at
    if "system" in body:
        read_content(body["system"], f"{at}/system", reading, voice=_SYSTEM)
    if "tools" in body:
        tools, noise = body["tools"], SCHEMA_NOISE
        reading.say_json(tools, f"{at}/tools", role=Role.TOOL_DEFINITION, kind=PartKind.TEXT, skip=noise)
    read_messages(body.get("messages"), f"{at}/messages", reading, read=_message)
    for key, noise in _PARAMETERS.items():
        if key in body:
            value, place = body[key], f"{at}/{key}"
            reading.say_json(value, place, role=Role.UNKNOWN, kind=PartKind.PARAMETER, skip=noise)
    if "metadata" in body:
        _end_user(body, at, reading)
    reading.rest(body, _REQUEST, at, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """One message; `stop_sequence` repeats one of the request's."""
    at = reading.at
    read_content(body.get("content"), f"{at}/content", reading, voice=Voice(Role.ASSISTANT, reading.turn))
    reading.stopped(body.get("stop_reason"))
    stop = body.get("stop_sequence")
    reading.say(stop, f"{at}/stop_sequence", role=Role.UNKNOWN, kind=PartKind.PARAMETER, is_echo=True)
    read_usage(body, at, reading)
    reading.rest(body, _RESPONSE, at, role=Role.ASSISTANT, turn=reading.turn, words=_WORDS)


def _message(message: dict[str, Any], at: str, reading: Reading, turn: int) -> None:
    role = role_named(message.get("role"))
    voice = Voice(role, NO_TURN if role is Role.SYSTEM else turn)
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
    said = [one for one in messages if type(one) is dict] if type(messages) is list else []
    if any("tool_calls" in one or role_named(one.get("role")) in _OTHERS for one in said):
        return False
    types = {kind for one in said if type(one.get("content")) is list for kind in _types(one["content"])}
    if not types <= TYPES:
        return False
    return bool(types - {"text"}) or "anthropic" in model or "claude" in model or ("system" in body and bool(said))


def _types(blocks: list[Any]) -> Iterator[str]:
    return (kind for block in blocks if type(block) is dict and type(kind := block.get("type")) is str)


def _has_content(body: dict[str, Any], _model: str) -> bool:
    return type(body.get("content")) is list and ("type" in body or any(_types(body["content"])))


def _is_event(chunk: dict[str, Any], _model: str) -> bool:
    return type(chunk["type"]) is str and chunk["type"] in EVENTS


FAMILY = Family(
    requests=(Shape(name=NAME, keys=frozenset({"messages", "anthropic_version"}), read=request, fits=_is_messages),),
    responses=(Shape(name=NAME, keys=frozenset({"content"}), read=response, fits=_has_content),),
    streams=(Shape(name=NAME, keys=frozenset({"type"}), read=stream, fits=_is_event),),
)
