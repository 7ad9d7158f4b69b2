"""Reads the events of a streamed Anthropic message: deltas joined per block, tool arguments from their fragments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.anthropic_content import read_citations, read_content
from bedrock_audit.normalise.anthropic_facts import READ, read_facts, read_usage
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.roles import ASSISTANT, NOBODY, REASONING, TEXT, TOOL_ARGUMENTS
from bedrock_audit.normalise.voice import Voice

_Event = dict[str, Any]
_STARTED = {
    "text": TEXT,
    "thinking": REASONING,
    "name": TOOL_ARGUMENTS,
}
_NO_TEXT_YET = {"type": "text", "text": ""}
_STOPS = ("content_block_stop", "message_stop", "ping")
_FRAGMENTS = {
    "text": TEXT,
    "thinking": REASONING,
    "partial_json": TOOL_ARGUMENTS,
    "content": TEXT,
}
_NOT_THE_NEXT_PIECE = (LookupError, TypeError)
_DELTA_READ = frozenset({*_FRAGMENTS, "citation"})
_MESSAGE = frozenset({"message"})
_MESSAGE_READ = READ | {"content"}
_BLOCK = frozenset({"content_block"})
_DELTA = frozenset({"delta"})
_ENDING = frozenset({"delta", "usage"})
_ERROR = frozenset({"error"})
_ERROR_READ = frozenset({"message"})
_NOTHING: frozenset[str] = frozenset()


def stream(chunks: list[Any], reading: Reading) -> None:
    """All blocks, in the order in which they began; blocks may come interleaved, and fragments need not be JSON."""
    fragments = Fragments(reading)
    begun: dict[int, list[str]] = {}
    for number, chunk in enumerate(chunks):
        try:
            # What nearly all events are, the next piece of a text and nothing else, is taken without a call for each.
            delta = chunk["delta"]
            if chunk["type"] == "content_block_delta" and delta["type"] == "text_delta":
                piece, pieces = delta["text"], begun[chunk["index"]]
                if type(piece) is str and len(delta) == 2 and len(chunk) == 3:
                    pieces.append(piece)
                    continue
        except _NOT_THE_NEXT_PIECE:
            pass
        if type(chunk) is not dict:
            reading.odd_chunk(chunk, f"{reading.at}/{number}")
        elif not _says_nothing(chunk):
            _event(chunk, f"{reading.at}/{number}", reading, fragments)
            _remember(chunk, fragments, begun)
    fragments.told()


def _event(event: _Event, at: str, reading: Reading, fragments: Fragments) -> None:
    kind = event.get("type")
    read = EVENTS.get(kind, _other) if type(kind) is str else _other
    read(event, at, reading, fragments)


def _remember(event: _Event, fragments: Fragments, begun: dict[int, list[str]]) -> None:
    """If this was the first piece of a text: others will be added to it."""
    index = event.get("index") if "delta" in event else None
    if type(index) is int and (pieces := fragments.pieces((index, "text"))) is not None:
        begun[index] = pieces


def _says_nothing(event: _Event) -> bool:
    """True for the events between the pieces: that a text begins, or that something stops."""
    members = len(event)
    if members > 1 and type(event.get("index")) is not int:
        return False
    if members == 3:
        return event.get("type") == "content_block_start" and event.get("content_block") == _NO_TEXT_YET
    return event.get("type") in _STOPS if members < 3 else False


def _message_started(event: _Event, at: str, reading: Reading, _fragments: Fragments) -> None:
    message, place = reading.object(event, "message", at, role=ASSISTANT, turn=reading.turn), f"{at}/message"
    read_content(message.get("content") or None, f"{place}/content", reading, voice=Voice(ASSISTANT, reading.turn))
    read_facts(message, place, reading)
    reading.rest_of_answer(message, _MESSAGE_READ, place)
    reading.rest_of_answer(event, _MESSAGE, at)


def _block_started(event: _Event, at: str, reading: Reading, fragments: Fragments) -> None:
    """The initial text of a block may hold words; a tool result comes whole."""
    block = reading.object(event, "content_block", at, role=ASSISTANT, turn=reading.turn)
    place, index = f"{at}/content_block", whole(event.get("index")) or 0
    for key, kind in _STARTED.items():
        if key in block:
            fragments.add((index, key), block[key], f"{place}/{key}", kind=kind)
    others = {key: value for key, value in block.items() if key not in _STARTED}
    read_content(others or None, place, reading, voice=Voice(ASSISTANT, reading.turn))
    reading.rest_of_answer(event, _BLOCK, at)


def _block_went_on(event: _Event, at: str, reading: Reading, fragments: Fragments) -> None:
    delta = reading.object(event, "delta", at, role=ASSISTANT, turn=reading.turn)
    place, index = f"{at}/delta", whole(event.get("index")) or 0
    for key, kind in _FRAGMENTS.items():
        if key in delta:
            fragments.add((index, key), delta[key], f"{place}/{key}", kind=kind)
    if "citation" in delta:
        read_citations(delta["citation"], f"{place}/citation", reading, voice=Voice(ASSISTANT, reading.turn))
    reading.rest_of_answer(delta, _DELTA_READ, place)
    reading.rest_of_answer(event, _DELTA, at)


def _message_went_on(event: _Event, at: str, reading: Reading, _fragments: Fragments) -> None:
    delta, place = reading.object(event, "delta", at, role=ASSISTANT, turn=reading.turn), f"{at}/delta"
    read_facts(delta, place, reading)
    read_usage(event, at, reading)
    reading.rest_of_answer(delta, READ, place)
    reading.rest_of_answer(event, _ENDING, at)


def _failed(event: _Event, at: str, reading: Reading, _fragments: Fragments) -> None:
    error, place = reading.object(event, "error", at, turn=reading.turn), f"{at}/error"
    reading.problem("the stream ended in an error")
    reading.say(error.get("message"), f"{place}/message", role=NOBODY, turn=reading.turn)
    reading.rest_of_answer(error, _ERROR_READ, place)
    reading.rest_of_answer(event, _ERROR, at)


def _framing(event: _Event, at: str, reading: Reading, _fragments: Fragments) -> None:
    reading.rest_of_answer(event, _NOTHING, at)


def _other(event: _Event, at: str, reading: Reading, fragments: Fragments) -> None:
    """An event without its type still has its members."""
    if "delta" in event:
        _block_went_on(event, at, reading, fragments)
    else:
        reading.rest_of_answer(event, _NOTHING, at)


EVENTS: dict[str, Callable[[_Event, str, Reading, Fragments], None]] = {
    "message_start": _message_started,
    "content_block_start": _block_started,
    "content_block_delta": _block_went_on,
    "content_block_stop": _framing,
    "message_delta": _message_went_on,
    "message_stop": _framing,
    "ping": _framing,
    "error": _failed,
}
