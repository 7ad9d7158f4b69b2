"""Reads one side of a record, input or output: finds the body in the record or beside it and has its family read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.bodies import Unresolved
from bedrock_audit.normalise.dispatch import read_request, read_response
from bedrock_audit.normalise.extras import take_extras
from bedrock_audit.normalise.guardrail import originals
from bedrock_audit.normalise.json_text import MalformedError, parsed
from bedrock_audit.normalise.offload import offloaded_value
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import Body, BodyState, Direction, Role, Value


class Side(Value, frozen=True):
    """The vendor's names on one side of a record; `facts` are members that are no content."""

    at: str
    body: str
    path: str
    direction: Direction
    read: Callable[[Any, Reading], str]
    facts: frozenset[str]


INPUT = Side(
    "/input",
    "inputBodyJson",
    "inputBodyS3Path",
    Direction.INPUT,
    read_request,
    frozenset({"inputContentType"}),
)
OUTPUT = Side(
    "/output",
    "outputBodyJson",
    "outputBodyS3Path",
    Direction.OUTPUT,
    read_response,
    frozenset({"outputContentType"}),
)
_VIDEO = "outputVideoS3Path"
_CONTENT = frozenset({"inputBodyJson", "inputBodyS3Path", "outputBodyJson", "outputBodyS3Path", _VIDEO})


def read_side(section: Any, side: Side, reading: Reading) -> Body | None:
    """Reads the body in `section` (the record's `input` or `output`); None if it is missing without a trace."""
    if type(section) is not dict:
        reading.walk(section, side.at)
        return None
    reading.rest(section, _CONTENT, side.at, words=side.facts)
    if section.get(_VIDEO):
        reading.show("video", "", f"{side.at}/{_VIDEO}", role=Role.ASSISTANT, turn=reading.turn, where=section[_VIDEO])
    if section.get(side.body):
        reading.at = f"{side.at}/{side.body}"
        return read_body(section[side.body], side, reading)
    if section.get(side.path):
        reading.at = f"{side.at}/{side.path}"
        return _read_offloaded(section[side.path], side, reading)
    return None


def read_body(value: Any, side: Side, reading: Reading, *, state: BodyState = BodyState.PRESENT) -> Body:
    """Reads a body at `reading.at`; some exports hold it as JSON text."""
    if type(value) is str:
        value = _from_text(value)
    take_extras(value, reading)
    shape = side.read(value, reading)
    if reading.traces:
        originals(reading, read_response)
    return Body(state, shape, "", reading.unknown_strings)


def _read_offloaded(uri: Any, side: Side, reading: Reading) -> Body:
    if type(uri) is not str:
        reading.walk(uri, reading.at)
        return Body(BodyState.UNRESOLVED, reason="no-uri")
    value = offloaded_value(uri, reading.bodies)
    if isinstance(value, Unresolved):
        return Body(BodyState.UNRESOLVED, reason=value.reason)
    return read_body(value, side, reading, state=BodyState.OFFLOADED)


def _from_text(text: str) -> Any:
    try:
        return parsed(text)
    except MalformedError:
        return text
