"""Reads one side of a record, input or output: finds the body in the record or beside it and has its family read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.bodies import Unresolved
from bedrock_audit.normalise.dispatch import read_request, read_response
from bedrock_audit.normalise.envelope import Input, Output
from bedrock_audit.normalise.extras import take_extras
from bedrock_audit.normalise.guardrail import originals, restated
from bedrock_audit.normalise.json_text import MalformedError, parsed
from bedrock_audit.normalise.noise import is_word
from bedrock_audit.normalise.offload import offloaded_value
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT
from bedrock_audit.normalise.server_events import chunks_of, is_wire_text, opened
from bedrock_audit.record import Body, BodyState, Value

JSON = "application/json"

_Read = Callable[[Any, Reading], str]


class _Places(Value, frozen=True):
    """Pointers to the members of one side of a record."""

    content_type: str
    body: str
    path: str


_INPUT = _Places("/input/inputContentType", "/input/inputBodyJson", "/input/inputBodyS3Path")
_OUTPUT = _Places("/output/outputContentType", "/output/outputBodyJson", "/output/outputBodyS3Path")


def read_input(section: Input | None, reading: Reading) -> Body | None:
    """Reads the request; None if it is missing without a trace."""
    return _read_side(section, _INPUT, reading, read=read_request)


def read_output(section: Output | None, reading: Reading) -> Body | None:
    """Reads the response; None if it is missing without a trace."""
    if section is not None and section.video_path:
        place = "/output/outputVideoS3Path"
        reading.show("video", "", place, role=ASSISTANT, turn=reading.turn, where=section.video_path)
    return _read_side(section, _OUTPUT, reading, read=read_response)


def _read_side(section: Input | Output | None, places: _Places, reading: Reading, *, read: _Read) -> Body | None:
    if section is None:
        return None
    if section.content_type and section.content_type != JSON and not is_word(section.content_type):
        # A content type is a word; what is more was put there by somebody.
        reading.walk(section.content_type, places.content_type)
    if section.body:
        reading.at = places.body
        return read_body(section.body, read, reading)
    if section.path:
        reading.at = places.path
        return _read_offloaded(section.path, read, reading)
    return None


def read_body(value: Any, read: _Read, reading: Reading, *, state: BodyState = BodyState.PRESENT) -> Body:
    """Reads a body at `reading.at`; some exports hold it as JSON text."""
    if type(value) is str:
        value = _from_text(value)
    elif type(value) is list and value and type(value[0]) is str:
        value = [opened(chunk) for chunk in value]
    take_extras(value, reading)
    shape = read(value, reading)
    if reading.traces:
        originals(reading, read_response)
        restated(reading)
    return Body(state, shape, "", reading.unknown_strings)


def _read_offloaded(uri: str, read: _Read, reading: Reading) -> Body:
    value = offloaded_value(uri, reading.bodies)
    if isinstance(value, Unresolved):
        return Body(BodyState.UNRESOLVED, reason=value.reason)
    return read_body(value, read, reading, state=BodyState.OFFLOADED)


def _from_text(text: str) -> Any:
    if is_wire_text(text):
        return chunks_of(text)
    try:
        return parsed(text)
    except MalformedError:
        return text
