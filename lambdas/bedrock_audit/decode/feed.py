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
        ahead = self.buffer[self.position :]
        wanted, got = max(PIECE_BYTES, len(ahead)), [ahead] if ahead else []
        while wanted > 0 and (piece := next(self._pieces, None)) is not None:
            if isinstance(piece, Broken):
                self.broken = piece
                break
            got.append(piece)
            wanted -= len(piece)
        self.buffer, self.position = b"".join(got), 0
        return len(self.buffer) > len(ahead)

    def has_more_of_line(self, *, up_to: int) -> bool:
        """Lengthens the window if the line at its head goes on beyond it; False if it does not, or is that long."""
        if len(self.buffer) - self.position > up_to or self.buffer.find(b"\n", self.position) >= 0:
            return False
        return self.filled()

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
