"""Reads one side of a record, input or output: finds the body in the record or beside it and has its family read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.bodies import Unresolved
from bedrock_audit.normalise.dispatch import read_request, read_response
from bedrock_audit.normalise.envelope import Input, Output
from bedrock_audit.normalise.extras import take_extras
from bedrock_audit.normalise.guardrail import originals
from bedrock_audit.normalise.json_text import MalformedError, parsed
from bedrock_audit.normalise.noise import is_word
from bedrock_audit.normalise.offload import offloaded_value
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT
from bedrock_audit.record import Body, BodyState

JSON = "application/json"

_Read = Callable[[Any, Reading], str]


def read_input(section: Input | None, reading: Reading) -> Body | None:
    """Reads the request; None if it is missing without a trace."""
    if section is None:
        return None
    if section.content_type != JSON:
        _read_type(section.content_type, "/input/inputContentType", reading)
    if section.body:
        reading.at = "/input/inputBodyJson"
        return read_body(section.body, read_request, reading)
    if section.path:
        reading.at = "/input/inputBodyS3Path"
        return _read_offloaded(section.path, read_request, reading)
    return None


def read_output(section: Output | None, reading: Reading) -> Body | None:
    """Reads the response; None if it is missing without a trace."""
    if section is None:
        return None
    if section.content_type != JSON:
        _read_type(section.content_type, "/output/outputContentType", reading)
    if section.video_path:
        place = "/output/outputVideoS3Path"
        reading.show("video", "", place, role=ASSISTANT, turn=reading.turn, where=section.video_path)
    if section.body:
        reading.at = "/output/outputBodyJson"
        return read_body(section.body, read_response, reading)
    if section.path:
        reading.at = "/output/outputBodyS3Path"
        return _read_offloaded(section.path, read_response, reading)
    return None


def read_body(value: Any, read: _Read, reading: Reading, *, state: BodyState = BodyState.PRESENT) -> Body:
    """Reads a body at `reading.at`; some exports hold it as JSON text."""
    if type(value) is str:
        value = _from_text(value)
    take_extras(value, reading)
    shape = read(value, reading)
    if reading.traces:
        originals(reading, read_response)
    return Body(state, shape, "", reading.unknown_strings)


def _read_type(content_type: str | None, location: str, reading: Reading) -> None:
    """A content type is a word; what is more was put there by somebody."""
    if content_type and not is_word(content_type):
        reading.walk(content_type, location)


def _read_offloaded(uri: str, read: _Read, reading: Reading) -> Body:
    value = offloaded_value(uri, reading.bodies)
    if isinstance(value, Unresolved):
        return Body(BodyState.UNRESOLVED, reason=value.reason)
    return read_body(value, read, reading, state=BodyState.OFFLOADED)


def _from_text(text: str) -> Any:
    try:
        return parsed(text)
    except MalformedError:
        return text
