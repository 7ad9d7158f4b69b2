"""Finds where a JSON value ends by its brackets and quotes alone; knows nothing about what it says."""

from __future__ import annotations

import re
from enum import Enum

from bedrock_audit.decode.feed import Feed

QUOTE, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, NEWLINE = b'"{}[]\n'

_OPENING = frozenset({OPEN_OBJECT, OPEN_ARRAY})
_PLAIN = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")*+').match
_IN_STRING = re.compile(rb'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+').match


class Ending(Enum):
    """How a value ends: well, at something that can be in no value, at the end of the stream, not before the limit."""

    CLOSED = 0
    CUT = 1
    OPEN = 2
    OVER = 3


class Extent:
    """How far the object, array or string at the head of a window reaches: `length` bytes have been looked at.

    The window is lengthened as needed; a value that is OVER `limit` can only be dropped.
    """

    def __init__(self, feed: Feed, *, limit: int) -> None:
        self._feed = feed
        self._depth = 0
        self._in_string = feed.head == QUOTE
        self.length = 1 if self._in_string else 0
        self.ending: Ending | None = None
        while self.ending is None:
            self._look()
            if self.ending is None:
                self.ending = Ending.OVER if self.length > limit else None if feed.filled() else Ending.OPEN

    def drop(self) -> None:
        """Leaves the value behind, to its real ending, without holding it."""
        if self.ending is Ending.OVER:
            self.ending = None
        while self.ending is None:
            self._leave_behind()
            if not self._feed.filled():
                return
            self._look()
        self._leave_behind()

    def _leave_behind(self) -> None:
        self._feed.move_to(self._feed.position + self.length)
        self.length = 0

    def _look(self) -> None:
        """Goes on to the value's ending, or as far as the window reaches."""
        buffer, base = self._feed.buffer, self._feed.position
        at, before = base + self.length, -1
        while self.ending is None and before < at < len(buffer):
            before = at
            at = self._in_text(buffer, at) if self._in_string else self._between_texts(buffer, at)
        self.length = at - base

    def _between_texts(self, buffer: bytes, at: int) -> int:
        plain = _PLAIN(buffer, at)
        at = plain.end() if plain else at
        if at == len(buffer):
            return at
        mark = buffer[at]
        if mark == QUOTE:
            self._in_string = True
        elif mark not in _OPENING:
            self._depth -= 1
            self.ending = None if self._depth else Ending.CLOSED
        elif self._depth and _is_a_line_of_its_own(buffer, at):
            self.ending = Ending.CUT
            return at
        else:
            self._depth += 1
        return at + 1

    def _in_text(self, buffer: bytes, at: int) -> int:
        """To the closing quote; stays before a backslash at the very end of the window: its sequel is still to come."""
        inside = _IN_STRING(buffer, at)
        at = inside.end() if inside else at
        if buffer[at : at + 2] == b"\\\n":
            at += 1
        if at == len(buffer):
            return at
        if buffer[at] == NEWLINE:
            self.ending = Ending.CUT
        elif buffer[at] == QUOTE:
            self._in_string = False
            self.ending = None if self._depth else Ending.CLOSED
            return at + 1
        return at


def _is_a_line_of_its_own(buffer: bytes, at: int) -> bool:
    """True if the bracket inside an open value begins a line that is a whole object: then the line before was cut.

    Pretty-printers indent, or break after the bracket; other writers of objects on lines go on with a comma or a
    closing bracket.
    """
    if at == 0 or buffer[at - 1] != NEWLINE or buffer[at : at + 2] != b'{"':
        return False
    end = buffer.find(b"\n", at)
    if end < 0 or not buffer[at:end].rstrip().endswith(b"}"):
        return False
    return buffer[end + 1 : end + 2] not in (b"]", b"}", b",")
