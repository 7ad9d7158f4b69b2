"""Finds the invocation records in an entry, however they are wrapped; knows CloudWatch, Kinesis and batch files."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from bedrock_audit.decode.inflate import Broken, gunzipped
from bedrock_audit.normalise.envelope import Envelope
from bedrock_audit.normalise.json_text import MalformedError, parsed
from bedrock_audit.normalise.lenient import lenient
from bedrock_audit.record import Value

MAX_WRAPS = 8
"""A record comes in two or three wraps; more is somebody's joke."""

MAX_UNPACKED_BYTES = 64 * 1024 * 1024

_LISTS = ("logEvents", "Records", "records", "events", "results")
_TEXTS = ("@message", "message")


class NoRecord(Value, frozen=True):
    """A value that is no invocation record and holds none: `reason` is a slug, `is_meant` says it never was one."""

    reason: str
    detail: str
    is_meant: bool = False


def unwrapped(data: bytes) -> Iterator[Envelope | NoRecord]:
    """Every record in an entry, and what is found instead of one."""
    try:
        yield from _records(parsed(data), wraps=0)
    except MalformedError as error:
        yield NoRecord(error.reason, str(error))


def _records(value: Any, *, wraps: int) -> Iterator[Envelope | NoRecord]:
    if wraps > MAX_WRAPS:
        yield NoRecord("nested-too-deep", f"more than {MAX_WRAPS} wraps hold whatever this is")
    elif isinstance(value, NoRecord):
        yield value
    elif type(value) is dict:
        yield from _in_object(value, wraps=wraps)
    elif type(value) is list:
        yield from _in_list(value, wraps=wraps)
    elif type(value) is str:
        yield from _in_text(value, wraps=wraps)
    else:
        yield _NOT_ONE


def _in_object(members: dict[str, Any], *, wraps: int) -> Iterator[Envelope | NoRecord]:
    envelope = lenient(members)
    if envelope.is_invocation or envelope.is_batch_line:
        yield envelope
    elif members.get("messageType") == "CONTROL_MESSAGE":
        yield NoRecord("control-message", "", is_meant=True)
    else:
        inner = next((found for found in _inside(members) if found is not None), None)
        if inner is None:
            yield _NOT_ONE
        else:
            yield from _records(inner, wraps=wraps + 1)


def _inside(members: dict[str, Any]) -> Iterator[Any]:
    """What a wrapper wraps, in order of how surely it is one."""
    for key in _LISTS:
        yield members.get(key) if type(members.get(key)) is list else None
    for key, name in (("awslogs", "data"), ("kinesis", "data")):
        held = members.get(key)
        yield _unpacked(held.get(name)) if type(held) is dict else None
    for key in _TEXTS:
        yield members[key] if type(members.get(key)) in (str, dict) else None
    yield _unpacked(members.get("data"))


def _in_list(values: list[Any], *, wraps: int) -> Iterator[Envelope | NoRecord]:
    row = _insights_row(values)
    if row is not None:
        yield from _records(row, wraps=wraps + 1)
    elif any(type(value) in _HOLDERS for value in values):
        for value in values:
            yield from _records(value, wraps=wraps + 1)
    else:
        yield _NOT_ONE


def _insights_row(values: list[Any]) -> Any:
    """The message of a row of `aws logs get-query-results`: `[{"field":"@message","value":"…"},…]`."""
    fields = (value for value in values if type(value) is dict and value.get("field") == "@message")
    return next((field.get("value") for field in fields), None)


def _in_text(text: str, *, wraps: int) -> Iterator[Envelope | NoRecord]:
    try:
        value = parsed(text)
    except MalformedError:
        yield _NOT_ONE
        return
    yield from _records(value, wraps=wraps + 1)


def _unpacked(data: Any) -> str | NoRecord | None:
    """Base64 text as CloudWatch, Kinesis and Firehose hand it over, gzipped or not; None where there is none."""
    if not isinstance(data, str):
        return None
    try:
        plain = gunzipped(b64decode(data, validate=True), limit=MAX_UNPACKED_BYTES)
    except ValueError:
        return NoRecord("not-json", "the packed data is no base64")
    if isinstance(plain, Broken):
        return NoRecord(plain.reason, "the packed data is gzip that cannot be unpacked")
    return plain.decode("utf-8", "replace")


_HOLDERS = (dict, list, str)
_NOT_ONE = NoRecord("not-an-invocation-record", "this JSON value is no record of a model invocation and holds none")
