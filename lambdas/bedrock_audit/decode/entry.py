"""The unit that decoding makes: the bytes of one JSON value and where they stood."""

from __future__ import annotations

from bedrock_audit.record import Source, Value

MAX_ENTRY_BYTES = 64 * 1024 * 1024
"""Above this a value is not read: Bedrock's own bodies end at 25 MB, a record of two inline ones far below."""


class RawEntry(Value, frozen=True, gc=False):
    """The bytes of one JSON value of a log object and where they stood."""

    source: Source
    data: bytes
