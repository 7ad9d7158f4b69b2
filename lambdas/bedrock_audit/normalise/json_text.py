"""Parses JSON as it comes: strictly and fast where it can, tolerantly where it must; knows nothing about records.

What the strict parser refuses and callers can send all the same: lone surrogates (they become U+FFFD), numbers out of
range, nesting beyond the interpreter's recursion, raw control characters, bytes that are no UTF-8, several values in a
row. Of duplicate keys the last one wins, as with the strict parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecodeError, decoder
from typing import Any

import msgspec

MAX_DEPTH = 100_000

_scanstring = decoder.scanstring  # type: ignore[attr-defined]  # in C, and missing from the stubs
_BLANK = re.compile(r"[ \t\n\r,\ufeff\x1e]*").match
_SPACE = re.compile(r"[ \t\n\r]*").match
_SCALAR = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|NaN|-?Infinity").match
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")
_NAMED = {"true": True, "false": False, "null": None}
_LONGEST_INT = 1000


class MalformedError(ValueError):
    """Text that is no JSON, not even tolerantly: `reason` is `truncated`, `not-json` or `nested-too-deep`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def parsed(data: bytes | str) -> Any:
    """The JSON value in `data`, a list of them where several stand in a row; raises MalformedError."""
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError):  # msgspec's errors and those of Unicode are ValueErrors
        found = tolerantly_parsed(data)
        return found[0] if len(found) == 1 else found


def tolerantly_parsed(data: bytes | str) -> list[Any]:
    """Every JSON value in `data`, one after the other; raises MalformedError."""
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    found = list(_values(text))
    if not found:
        raise MalformedError("not-json", "there is no JSON value")
    return found


def without_lone_surrogates(text: str) -> str:
    """The text with halves of characters made visible as U+FFFD, so that it can be encoded."""
    return text if text.isascii() else _LONE_SURROGATES.sub("\ufffd", text)


def _values(text: str) -> Iterator[Any]:
    at = _after(_BLANK, text, 0)
    while at < len(text):
        parser = _Parser(text, at)
        yield parser.value()
        at = _after(_BLANK, text, parser.at)


class _Parser:
    """Reads one value; keeps what is open on a list instead of the interpreter's stack."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self.at = at
        self._root: list[Any] = []
        self._open: list[Any] = [self._root]
        self._key = ""

    def value(self) -> Any:
        while True:
            if not self._opened() and self._is_done():
                return self._root[0]

    def _opened(self) -> bool:
        """Reads one value or the beginning of one; True if it has members that come next."""
        mark = self._mark()
        if mark == '"':
            self._put(self._string())
            return False
        if mark not in "{[":
            self._put(self._scalar())
            return False
        container: Any = {} if mark == "{" else []
        self._put(container)
        self._open.append(container)
        if len(self._open) > MAX_DEPTH:
            raise MalformedError("nested-too-deep", f"more than {MAX_DEPTH:,} levels are open")
        self.at += 1
        return self._mark() != _closing(container) and self._at_member()

    def _is_done(self) -> bool:
        """Closes what ends here; False if another member follows, True at the end of the whole value."""
        while len(self._open) > 1:
            mark = self._mark()
            self.at += 1
            if mark == ",":
                self._at_member()
                return False
            if mark != _closing(self._open[-1]):
                raise MalformedError("not-json", f"character {self.at - 1} stands in no place for it")
            self._open.pop()
        return True

    def _at_member(self) -> bool:
        """Reads the key in an object, nothing in an array."""
        if type(self._open[-1]) is dict:
            if self._mark() != '"':
                raise MalformedError("not-json", f"a key is missing at character {self.at}")
            self._key = self._string()
            if self._mark() != ":":
                raise MalformedError("not-json", f"a colon is missing at character {self.at}")
            self.at += 1
        return True

    def _put(self, value: Any) -> None:
        holder = self._open[-1]
        if type(holder) is dict:
            holder[self._key] = value
        else:
            holder.append(value)

    def _string(self) -> str:
        try:
            text, self.at = _scanstring(self._text, self.at + 1, False)
        except JSONDecodeError as error:
            reason = "truncated" if error.msg.startswith("Unterminated") else "not-json"
            raise MalformedError(reason, f"the string at character {self.at} is none") from None
        return without_lone_surrogates(text)

    def _scalar(self) -> Any:
        match = _SCALAR(self._text, self.at)
        if match is None:
            reason = "truncated" if len(self._text) - self.at < len("-Infinity") else "not-json"
            raise MalformedError(reason, f"there is no value at character {self.at}")
        self.at = match.end()
        word = match[0]
        if word in _NAMED:
            return _NAMED[word]
        return int(word) if word.lstrip("-").isdecimal() and len(word) <= _LONGEST_INT else float(word)

    def _mark(self) -> str:
        self.at = _after(_SPACE, self._text, self.at)
        if self.at >= len(self._text):
            raise MalformedError("truncated", "the value never ends")
        return self._text[self.at]


def _after(pattern: Any, text: str, at: int) -> int:
    match = pattern(text, at)
    return match.end() if match else at


def _closing(container: Any) -> str:
    return "}" if type(container) is dict else "]"
