"""Turns a log object's bytes into raw entries; knows gzip and lines of JSON, nothing about Bedrock."""

from __future__ import annotations

from bedrock_audit.record import Source, Value


class RawEntry(Value, frozen=True):
    """The bytes of one JSON value of a log object and where they stood."""

    source: Source
    data: bytes
