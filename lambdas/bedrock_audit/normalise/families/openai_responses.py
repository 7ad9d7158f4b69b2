"""Reads OpenAI's Responses API: `input` as text or items, `output` items, and typed events in a stream."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise import chat_parameters
from bedrock_audit.normalise.chat_message import read_content, read_repeated
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.leaves import pointer
from bedrock_audit.normalise.openai_usage import read_usage
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.response_items import read_item
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.speaker import Speaker
from bedrock_audit.record import NO_TURN, PartKind, Role

_REQUEST = frozenset({"input", "instructions", "prompt", *chat_parameters.READ})
_ECHOES = ("input", "prompt")
_SERVICE = ("error", "incomplete_details", "moderation")
_RESPONSE = frozenset({"output", "usage", "instructions", *_SERVICE, *_ECHOES, *chat_parameters.READ})
_TOLD = ("text", "arguments", "input", "code", "refusal", "transcript", "command", "output", "message")
_FAILED = ("message",)
_SPOKEN = frozenset({"text", "refusal", "transcript", "output", "message"})
_EVENT = frozenset({"response", "item", "part", "delta", "annotation", "logprobs"})
_WORDS = frozenset({"obfuscation", "param", "code", "output_format", "background", "quality", "size"})
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
    chat_parameters.read_echoes(body, at, reading)
    for key in _ECHOES:
        place = f"{at}/{key}"
        reading.say_json(body.get(key), place, role=Role.UNKNOWN, kind=PartKind.PARAMETER, is_echo=True)
    for index, item in enumerate(reading.items(body, "output", at, role=Role.ASSISTANT, turn=reading.turn)):
        read_item(item, f"{at}/output/{index}", reading, turn=reading.turn, by=Role.ASSISTANT)
    for key in _SERVICE:
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
            _delta(event["delta"], f"{reading.at}/{position}/delta", fragments, key=key, kind=kind)
    fragments.told()
    return found


def _delta(delta: Any, at: str, fragments: Fragments, *, key: tuple[str, ...], kind: PartKind) -> None:
    """A piece of text, or an object of several (what a shell prints and what it complains about)."""
    for name, piece in delta.items() if type(delta) is dict else ():
        fragments.add((*key, name), piece, f"{at}/{pointer(name)}", kind=kind)
    if type(delta) is not dict:
        fragments.add(key, delta, at, kind=kind)


def _of_other_events(events: list[tuple[int, dict[str, Any]]], reading: Reading) -> Reading:
    found = _like(reading)
    for position, event in events:
        at = f"{reading.at}/{position}"
        read_item(event.get("item"), f"{at}/item", found, turn=reading.turn, by=Role.ASSISTANT)
        _part(event, at, found)
        whole = found.object(event, "response", at, role=Role.ASSISTANT, turn=reading.turn)
        _response(whole, f"{at}/response", found)
        told = _FAILED if event.get("type") == "error" else _TOLD
        for key in told:
            kind = PartKind.TEXT if key in _SPOKEN else PartKind.TOOL_ARGUMENTS
            found.say_json(event.get(key), f"{at}/{key}", role=Role.ASSISTANT, turn=reading.turn, kind=kind)
        found.rest(event, _EVENT.union(told), at, role=Role.ASSISTANT, turn=reading.turn, words=_WORDS)
    return found


def _part(event: dict[str, Any], at: str, reading: Reading) -> None:
    """A piece of a message's content as it begins or is complete, and what it cites."""
    speaker = Speaker(reading, Role.ASSISTANT, reading.turn)
    read_content(event.get("part"), f"{at}/part", speaker)
    read_repeated(event.get("annotation"), f"{at}/annotation", speaker)


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
    return "messages" not in body and (type(body.get("prompt")) is not str or "input" in body)


def _has_items(body: dict[str, Any], _model: str) -> bool:
    return type(body["output"]) is list


def _is_event(chunk: dict[str, Any], _model: str) -> bool:
    kind = chunk["type"]
    return type(kind) is str and (kind.startswith("response.") or (kind == "error" and "sequence_number" in chunk))


FAMILY = Family(
    requests=(
        Shape(name="openai-responses", keys=frozenset({"input", "instructions"}), read=request, fits=_is_asked_so),
    ),
    responses=(Shape(name="openai-responses", keys=frozenset({"output"}), read=response, fits=_has_items),),
    streams=(Shape(name="openai-responses", keys=frozenset({"type"}), read=stream, fits=_is_event),),
)
