"""Decodes bytes given in a test: what comes out as pairs of line and value, or line and reason."""

from __future__ import annotations

import io
from typing import Any

from bedrock_audit.decode import RawEntry, decode
from bedrock_audit.record import Skipped, Unreadable


class Trickle(io.RawIOBase):
    """A stream that hands over a few bytes at a time, as sockets do."""

    def __init__(self, data: bytes, *, at_once: int) -> None:
        self._rest = data
        self._at_once = at_once

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        taken = self._rest[: min(self._at_once, size if size >= 0 else self._at_once)]
        self._rest = self._rest[len(taken) :]
        return taken


def decoded(data: bytes, **options: Any) -> list[RawEntry | Unreadable | Skipped]:
    return list(decode(io.BytesIO(data), "log", **options))


def told(data: bytes, **options: Any) -> list[tuple[int, bytes | str]]:
    """Line and bytes of each entry; line and reason of what is unreadable."""
    return [
        (item.source.line, item.data if isinstance(item, RawEntry) else item.reason)
        for item in decoded(data, **options)
    ]
