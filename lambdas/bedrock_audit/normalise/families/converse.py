"""Reads Converse and ConverseStream, and the bodies of Amazon Nova, which are the same but for a few names.

The log holds one aggregated object for ConverseStream; Nova's native streams, and whoever logs Converse's own events,
give a list.
"""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.converse_content import OBJECTS, read_content
from bedrock_audit.normalise.converse_facts import READ, read_additional_fields, read_facts, read_guardrail_config
from bedrock_audit.normalise.converse_stream import EVENTS, stream
from bedrock_audit.normalise.messages import plain_speaker, read_messages
from bedrock_audit.normalise.noise import NOISE, SCHEMA_NOISE
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.roles import ASSISTANT, NOBODY, PARAMETER, SYSTEM, TEXT, USER
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.tools import read_tools
from bedrock_audit.normalise.voice import Voice
from bedrock_audit.record import NO_TURN

_REQUEST = frozenset(
    {
        "messages",
        "system",
        "toolConfig",
        "inferenceConfig",
        "guardrailConfig",
        "promptVariables",
        "outputConfig",
        "additionalModelRequestFields",
        "requestMetadata",
    }
)
_PARAMETERS = ("outputConfig", "additionalModelRequestFields", "requestMetadata")
_FREE_FORM = frozenset(_PARAMETERS)
_ONLY_CONVERSE = _REQUEST - {"messages", "system", "requestMetadata"} | {"schemaVersion"}
_RESPONSE = frozenset({"output", "additionalModelResponseFields"}) | READ
_MESSAGE = frozenset({"content"})
_OUTPUT = frozenset({"message"})
_TOOL_CONFIG = frozenset({"tools", "toolChoice"})
_STOPS = ("stopSequences", "stop_sequences")
_STOPPING = frozenset(_STOPS)
_SYSTEM = Voice(SYSTEM)
_BLOCKS = frozenset({"text", *OBJECTS})
_WORDS = frozenset(
    {"modelId", "performanceConfig", "serviceTier", "projectIdentifier", "additionalModelResponseFieldPaths"}
)


def request(body: dict[str, Any], reading: Reading) -> None:
    """Every message is a turn; system prompts, tools and parameters frame them."""
    at = reading.at
    if "system" in body:
        read_content(body["system"] or [], f"{at}/system", reading, voice=_SYSTEM)
    if "toolConfig" in body:
        _tools(reading.object(body, "toolConfig", at), f"{at}/toolConfig", reading)
    read_messages(body.get("messages"), f"{at}/messages", reading, read=_message)
    if "promptVariables" in body:
        variables = body["promptVariables"]
        reading.say_json(variables, f"{at}/promptVariables", role=USER, turn=0, kind=TEXT)
    _parameters(body, at, reading)
    reading.rest(body, _REQUEST, at, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """One message; Nova's native responses have no metrics."""
    at = reading.at
    output = reading.object(body, "output", at, role=ASSISTANT, turn=reading.turn)
    message, place = output.get("message"), f"{at}/output/message"
    if type(message) is dict and len(message) == 2 and plain_speaker(message) and type(message["content"]) is list:
        reading.say(message["content"][0]["text"], f"{place}/content/0/text", role=ASSISTANT, turn=reading.turn)
    elif type(message) is dict:
        _said(message, place, reading, voice=Voice(ASSISTANT, reading.turn))
    reading.rest(
        output, _OUTPUT if type(message) is dict else frozenset(), f"{at}/output", role=ASSISTANT, turn=reading.turn
    )
    read_additional_fields(body, at, reading)
    reading.stopped(body.get("stopReason"))
    read_facts(body, at, reading)
    reading.rest(body, _RESPONSE, at, role=ASSISTANT, turn=reading.turn, words=_WORDS)


def _message(message: dict[str, Any], at: str, reading: Reading, turn: int) -> None:
    role = role_named(message.get("role"))
    _said(message, at, reading, voice=Voice(role, NO_TURN if role is SYSTEM else turn))


def _said(message: dict[str, Any], at: str, reading: Reading, *, voice: Voice) -> None:
    read_content(message.get("content"), f"{at}/content", reading, voice=voice)
    reading.rest(message, _MESSAGE, at, role=voice.role, turn=voice.turn)


def _tools(config: dict[str, Any], at: str, reading: Reading) -> None:
    read_tools(config.get("tools"), f"{at}/tools", reading)
    if "toolChoice" in config:
        choice = config["toolChoice"]
        reading.say_json(choice, f"{at}/toolChoice", role=NOBODY, kind=PARAMETER, skip=NOISE)
    reading.rest(config, _TOOL_CONFIG, at)


def _parameters(body: dict[str, Any], at: str, reading: Reading) -> None:
    """The caller's free-form fields, and the words generation stops at."""
    if "inferenceConfig" in body:
        inference, place = reading.object(body, "inferenceConfig", at), f"{at}/inferenceConfig"
        for key in _STOPS:
            if key in inference:
                reading.say_json(inference[key], f"{place}/{key}", role=NOBODY, kind=PARAMETER)
        # The rest are numbers and choices, such as how hard to reason.
        reading.rest(inference, _STOPPING, place, words=inference.keys())
    for key in _PARAMETERS if not _FREE_FORM.isdisjoint(body) else ():
        if key in body:
            value, place = body[key], f"{at}/{key}"
            reading.say_json(value, place, role=NOBODY, kind=PARAMETER, skip=SCHEMA_NOISE)
    if "guardrailConfig" in body:
        read_guardrail_config(body, at, reading)


def _is_converse(body: dict[str, Any], _model: str) -> bool:
    """Told by members only Converse and Nova have, or by blocks without the `type` that other chat forms give them."""
    if "anthropic_version" in body:
        return False
    if not _ONLY_CONVERSE.isdisjoint(body):
        return True
    messages = body.get("messages")
    for message in messages if type(messages) is list else ():
        if type(message) is dict and type(message.get("content")) is list and _has_bare_blocks(message["content"]):
            return True
    return type(body.get("system")) is list and _has_bare_blocks(body["system"])


def _has_bare_blocks(blocks: list[Any]) -> bool:
    return any(type(block) is dict and "type" not in block and not _BLOCKS.isdisjoint(block) for block in blocks)


def _has_output(body: dict[str, Any], _model: str) -> bool:
    return type(body.get("output")) is dict or "stopReason" in body


FAMILY = Family(
    requests=(Shape(name="converse", keys=frozenset({"messages", "toolConfig"}), read=request, fits=_is_converse),),
    responses=(Shape(name="converse", keys=frozenset({"output", "stopReason"}), read=response, fits=_has_output),),
    streams=(Shape(name="converse", keys=frozenset(EVENTS), read=stream),),
)
