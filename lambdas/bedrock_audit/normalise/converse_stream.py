"""Reads ConverseStream's events, which Nova's native streams share: deltas joined per block before they are said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.converse_content import read_citations, read_content
from bedrock_audit.normalise.converse_facts import READ, read_additional_fields, read_facts
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.roles import ASSISTANT, REASONING, TOOL, TOOL_ARGUMENTS
from bedrock_audit.normalise.voice import Voice

_Event = dict[str, Any]
_START = frozenset({"start"})
_STARTED_TOOL = frozenset({"name"})
_DELTA = frozenset({"delta"})
_DELTAS = frozenset({"text", "toolUse", "reasoningContent", "citation", "toolResult"})
_TOOL = frozenset({"input"})
_REASONING = frozenset({"text"})
_ADDITIONAL = frozenset({"additionalModelResponseFields"})
_NOTHING: frozenset[str] = frozenset()


def stream(chunks: list[Any], reading: Reading) -> None:
    """A text block may have no start event, so that its first delta begins it."""
    fragments = Fragments(reading, split=thoughts)
    for number, chunk in reading.chunks(chunks):
        at = f"{reading.at}/{number}"
        for key, value in chunk.items():
            read = EVENTS.get(key)
            if read is None or type(value) is not dict:
                reading.rest({key: value}, _NOTHING, at, role=ASSISTANT, turn=reading.turn)
            else:
                read(value, f"{at}/{key}", reading, fragments)
    fragments.told()


def _block_started(event: _Event, at: str, reading: Reading, fragments: Fragments) -> None:
    fragments.begun += 1
    start, place = reading.object(event, "start", at, role=ASSISTANT, turn=reading.turn), f"{at}/start"
    tool = reading.object(start, "toolUse", place, role=ASSISTANT, turn=reading.turn)
    block = whole(event.get("contentBlockIndex")) or 0
    fragments.add((block, "name"), tool.get("name"), f"{place}/toolUse/name", kind=TOOL_ARGUMENTS)
    reading.rest_of_answer(tool, _STARTED_TOOL, f"{place}/toolUse")
    read_content(
        {key: value for key, value in start.items() if key != "toolUse"},
        place,
        reading,
        voice=Voice(ASSISTANT, reading.turn),
    )
    reading.rest_of_answer(event, _START, at)


def _block_went_on(event: _Event, at: str, reading: Reading, fragments: Fragments) -> None:
    block = whole(event.get("contentBlockIndex")) or 0
    delta, place = reading.object(event, "delta", at, role=ASSISTANT, turn=reading.turn), f"{at}/delta"
    # Nova sends every piece of a text as a block of its own: blocks that nobody announced go on with the last text.
    fragments.add((fragments.begun, "text"), delta.get("text"), f"{place}/text")
    tool = reading.object(delta, "toolUse", place, role=ASSISTANT, turn=reading.turn)
    fragments.add((block, "tool"), tool.get("input"), f"{place}/toolUse/input", kind=TOOL_ARGUMENTS)
    thought = reading.object(delta, "reasoningContent", place, role=ASSISTANT, turn=reading.turn)
    fragments.add((fragments.begun, "why"), thought.get("text"), f"{place}/reasoningContent/text", kind=REASONING)
    read_citations(delta.get("citation"), f"{place}/citation", reading, voice=Voice(ASSISTANT, reading.turn))
    results = Voice(TOOL, reading.turn)
    read_content(delta.get("toolResult") or [], f"{place}/toolResult", reading, voice=results)
    reading.rest_of_answer(tool, _TOOL, f"{place}/toolUse")
    reading.rest_of_answer(thought, _REASONING, f"{place}/reasoningContent")
    others = {key: value for key, value in delta.items() if key not in _DELTAS}
    read_content(others, place, reading, voice=Voice(ASSISTANT, reading.turn))
    reading.rest_of_answer(event, _DELTA, at)


def _stopped(event: _Event, at: str, reading: Reading, _fragments: Fragments) -> None:
    reading.stopped(event.get("stopReason"))
    read_additional_fields(event, at, reading)
    reading.rest_of_answer(event, _ADDITIONAL, at)


def _metadata(event: _Event, at: str, reading: Reading, _fragments: Fragments) -> None:
    read_facts(event, at, reading)
    reading.rest_of_answer(event, READ, at)


def _framing(event: _Event, at: str, reading: Reading, _fragments: Fragments) -> None:
    reading.rest_of_answer(event, _NOTHING, at)


EVENTS: dict[str, Callable[[_Event, str, Reading, Fragments], None]] = {
    "messageStart": _framing,
    "contentBlockStart": _block_started,
    "contentBlockDelta": _block_went_on,
    "contentBlockStop": _framing,
    "messageStop": _stopped,
    "metadata": _metadata,
}
