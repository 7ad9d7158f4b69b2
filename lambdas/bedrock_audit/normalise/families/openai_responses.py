"""Reads OpenAI's Responses API: `input` as text or items, `output` items, and typed events in a stream."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise import chat_parameters
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.openai_usage import read_usage
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.response_items import read_item
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import NO_TURN, PartKind, Role

_REQUEST = frozenset({"input", "instructions", "prompt", *chat_parameters.READ})
_ECHOES = ("instructions", "input", "tools", "text", "metadata", "prompt")
_RESPONSE = frozenset({"output", "usage", "error", "incomplete_details", *_ECHOES, *chat_parameters.READ})
_EVENT = frozenset({"response", "item", "part", "delta", "text", "arguments", "input", "code", "refusal", "transcript"})
_CODE = frozenset({"code", "type", "param"})
_KINDS = {"function_call_arguments": PartKind.TOOL_ARGUMENTS, "custom_tool_call_input": PartKind.TOOL_ARGUMENTS}


def request(body: dict[str, Any], reading: Reading) -> None:
    """Every item of `input` is a turn; `instructions` frame them."""
    at = reading.at
    _instructions(body, at, reading, is_echo=False)
    chat_parameters.read_parameters(body, reading)
    place = f"{at}/prompt"
    reading.say_json(body.get("prompt"), place, role=Role.UNKNOWN, kind=PartKind.PARAMETER)
    asked = body.get("input")
    items = asked if type(asked) is list else [asked]
    reading.turns = len(items)
    for turn, item in enumerate(items):
        place = f"{at}/input/{turn}" if asked is items else f"{at}/input"
        read_item(item, place, reading, turn=turn, by=Role.USER)
    reading.rest(body, _REQUEST, at)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The output items; instructions and tools come back as echoes."""
    _response(body, reading.at, reading)


def _response(body: dict[str, Any], at: str, reading: Reading) -> None:
    _instructions(body, at, reading, is_echo=True)
    for key in _ECHOES[1:]:
        place = f"{at}/{key}"
        reading.say_json(body.get(key), place, role=Role.UNKNOWN, kind=PartKind.PARAMETER, is_echo=True)
    for index, item in enumerate(reading.items(body, "output", at, role=Role.ASSISTANT, turn=reading.turn)):
        read_item(item, f"{at}/output/{index}", reading, turn=reading.turn, by=Role.ASSISTANT)
    for key in ("error", "incomplete_details"):
        place, kind = f"{at}/{key}", PartKind.TEXT
        reading.say_json(body.get(key), place, role=Role.UNKNOWN, turn=reading.turn, kind=kind, skip=_CODE)
    reading.stopped(body.get("status"))
    read_usage(body, at, reading)
    reading.rest(body, _RESPONSE, at, role=Role.ASSISTANT, turn=reading.turn)


def _instructions(body: dict[str, Any], at: str, reading: Reading, *, is_echo: bool) -> None:
    place, kind = f"{at}/instructions", PartKind.TEXT
    reading.say_json(body.get("instructions"), place, role=Role.SYSTEM, turn=NO_TURN, kind=kind, is_echo=is_echo)


def stream(chunks: list[Any], reading: Reading) -> None:
    """The last event repeats everything, the events before it repeat each other: each text is told once.

    First the whole response, if the stream got that far; then what its deltas have beyond that; then whatever else.
    """
    events = list(reading.chunks(chunks))
    _final(events, reading)
    _add(_of_deltas(events, reading), reading)
    _add(_of_other_events(events, reading), reading)


def _final(events: list[tuple[int, dict[str, Any]]], reading: Reading) -> None:
    for position, event in reversed(events):
        whole = event.get("response")
        if type(whole) is dict and whole.get("output"):
            _response(whole, f"{reading.at}/{position}/response", reading)
            return


def _of_deltas(events: list[tuple[int, dict[str, Any]]], reading: Reading) -> Reading:
    found = _like(reading)
    fragments = Fragments(found, split=thoughts)
    for position, event in events:
        subject = str(event.get("type")).removeprefix("response.").removesuffix(".delta")
        if "delta" in event:
            kind = PartKind.REASONING if "reasoning" in subject else _KINDS.get(subject, PartKind.TEXT)
            key = (subject, str(event.get("output_index")), str(event.get("content_index")))
            fragments.add(key, event["delta"], f"{reading.at}/{position}/delta", kind=kind)
    fragments.told()
    return found


def _of_other_events(events: list[tuple[int, dict[str, Any]]], reading: Reading) -> Reading:
    found = _like(reading)
    for position, event in events:
        at = f"{reading.at}/{position}"
        for key in ("item", "part"):
            read_item(event.get(key), f"{at}/{key}", found, turn=reading.turn, by=Role.ASSISTANT)
        whole = found.object(event, "response", at, role=Role.ASSISTANT, turn=reading.turn)
        _response(whole, f"{at}/response", found)
        for key in ("text", "arguments", "input", "code", "refusal", "transcript"):
            kind = PartKind.TEXT if key in {"text", "refusal", "transcript"} else PartKind.TOOL_ARGUMENTS
            found.say_json(event.get(key), f"{at}/{key}", role=Role.ASSISTANT, turn=reading.turn, kind=kind)
        found.rest(event, _EVENT, at, role=Role.ASSISTANT, turn=reading.turn)
    return found


def _like(reading: Reading) -> Reading:
    return Reading(reading.at, reading.direction, turn=reading.turn, model=reading.model, bodies=reading.bodies)


def _add(found: Reading, reading: Reading) -> None:
    said = {part.text for part in reading.parts}
    for part in found.parts:
        if part.text not in said:
            said.add(part.text)
            reading.parts.append(part)
            reading.unknown_strings += part.kind is PartKind.UNKNOWN
    shown = {(item.kind, item.size, item.where) for item in reading.media}
    reading.media.extend(item for item in found.media if (item.kind, item.size, item.where) not in shown)
    reading.stopped(found.stop_reason if not reading.stop_reason else None)
    reading.tokens(asked=found.input_tokens, answered=found.output_tokens, cache_read=found.cache_read_tokens)


def _is_asked_so(body: dict[str, Any], _model: str) -> bool:
    return "messages" not in body


def _has_items(body: dict[str, Any], _model: str) -> bool:
    return type(body["output"]) is list


def _is_event(chunk: dict[str, Any], _model: str) -> bool:
    return str(chunk["type"]).startswith("response.")


FAMILY = Family(
    requests=(
        Shape(name="openai-responses", keys=frozenset({"input", "instructions"}), read=request, fits=_is_asked_so),
    ),
    responses=(Shape(name="openai-responses", keys=frozenset({"output"}), read=response, fits=_has_items),),
    streams=(Shape(name="openai-responses", keys=frozenset({"type"}), read=stream, fits=_is_event),),
)
