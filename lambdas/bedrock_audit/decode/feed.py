"""Holds the stretch of a stream that is being looked at, and counts its lines; knows nothing about what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedrock_audit.decode.inflate import PIECE_BYTES, Broken
from bedrock_audit.record import Source

# Commas stand between the elements of arrays and after the lines of some exports; \x1e opens records (RFC 7464).
_BLANK = re.compile(rb"[\s,\x1e]*").match


class Feed:
    """A window on the stream: `buffer[position:]` is what lies ahead, `line` the number of the line it begins on."""

    def __init__(self, pieces: Iterator[bytes | Broken], name: str) -> None:
        self._pieces = pieces
        self.name = name
        self.buffer = b""
        self.position = 0
        self.line = 1
        self.broken: Broken | None = None
        self._more = True
        self._line_end: int | None = None

    @property
    def source(self) -> Source:
        """Where the window begins."""
        return Source(self.name, self.line)

    @property
    def head(self) -> int:
        """The byte right ahead, -1 where the window is empty."""
        return self.buffer[self.position] if self.position < len(self.buffer) else -1

    def filled(self) -> bool:
        """Lengthens the window by at least as much as it holds, so that long values cost no more than they weigh."""
        ahead = self.buffer[self.position :] if self._more else b""
        wanted, got = max(PIECE_BYTES, len(ahead)), [ahead]
        while wanted > 0 and self._more:
            piece = next(self._pieces, None)
            if isinstance(piece, bytes):
                got.append(piece)
                wanted -= len(piece)
            else:
                self.broken, self._more = piece, False
        if len(got) == 1:
            return False
        self.buffer, self.position, self._line_end = b"".join(got), 0, None
        return len(self.buffer) > len(ahead)

    def has_line(self, *, up_to: int) -> bool:
        """True if the window holds the line at its head to its end; for up to `up_to` bytes it is lengthened."""
        while not self._line_ends_in_window():
            if len(self.buffer) - self.position > up_to or not self.filled():
                return False
        return True

    def _line_ends_in_window(self) -> bool:
        """Remembers the place: a long line of many values is not looked through for each of them."""
        if self._line_end is None or 0 <= self._line_end < self.position:
            self._line_end = self.buffer.find(b"\n", self.position)
        return self._line_end >= 0

    def skip_blank(self) -> bool:
        """Moves to the next byte that says something; False at the end."""
        while True:
            match = _BLANK(self.buffer, self.position)
            self.move_to(match.end() if match else self.position)
            if self.position < len(self.buffer):
                return True
            if not self.filled():
                return False

    def move_to(self, position: int) -> None:
        """Leaves behind what lies before `position` in the window."""
        self.line += self.buffer.count(b"\n", self.position, position)
        self.position = position

    def drop_line(self) -> None:
        """Leaves behind what lies before the next line, however long that is, without holding it."""
        while (end := self.buffer.find(b"\n", self.position)) < 0:
            self.position = len(self.buffer)
            if not self.filled():
                return
        self.move_to(end + 1)
