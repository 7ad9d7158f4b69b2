"""Finds the strings in any JSON value, with a pointer to each; knows nothing about what they mean."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

import msgspec

from bedrock_audit.normalise.noise import is_word
from bedrock_audit.record import Value

MAX_LEAVES = 10_000
"""Strings of one value told apart; what comes after is joined into one, so that a hostile value stays cheap."""

MAX_POINTER_DEPTH = 64
"""Below this depth a leaf is located by its ancestor: pointers into 10,000 levels would cost more than the text."""

_BLOB_LENGTH = 200
_BLOB = re.compile(r"[A-Za-z0-9+/_=-]+").fullmatch
_SEPARATOR = "\n"


class Leaf(Value, frozen=True, gc=False):
    """A string found in a JSON value, and where."""

    text: str
    location: str

    @property
    def is_blob(self) -> bool:
        """True for long runs without any space that look like base64: data, not words."""
        return len(self.text) >= _BLOB_LENGTH and _BLOB(self.text) is not None


def leaves(value: Any, location: str, *, skip: Set[str] = frozenset()) -> list[Leaf]:
    """Every non-empty string in `value`, in order; keys that are sentences (hostile: text hidden in keys) count too.

    Members named in `skip` are left out where they hold words (`noise.is_word`).
    """
    if type(value) is str:
        return [Leaf(value, location)] if value else []
    gathering = _Gathering(skip)
    gathering.gather(value, location, 0)
    if gathering.overflow:
        gathering.found.append(Leaf(_SEPARATOR.join(gathering.overflow), location))
    return gathering.found


def leaves_of_text(text: str, location: str) -> list[Leaf]:
    """A string that may hold JSON: as it stands, and the strings in it that JSON escapes hide from a plain look."""
    if not text:
        return []
    hidden = leaves(_parsed(text), location) if "\\" in text else []
    return [Leaf(text, location), *(leaf for leaf in hidden if leaf.text not in text)]


def pointer(key: str) -> str:
    """A key as an RFC 6901 reference token."""
    return key.replace("~", "~0").replace("/", "~1")


class _Gathering:
    __slots__ = ("_skip", "found", "overflow")

    def __init__(self, skip: Set[str]) -> None:
        self._skip = skip
        self.found: list[Leaf] = []
        self.overflow: list[str] = []

    def gather(self, value: Any, place: str, depth: int) -> None:
        if depth >= MAX_POINTER_DEPTH:
            self._gather_deep(value, place)
        elif type(value) is dict:
            self._gather_members(value, place, depth)
        elif type(value) is list:
            for index, member in enumerate(value):
                if type(member) is not str:
                    self.gather(member, f"{place}/{index}", depth + 1)
                elif member:
                    self._add(member, f"{place}/{index}")

    def _gather_members(self, value: dict[str, Any], place: str, depth: int) -> None:
        for key, member in value.items():
            step = pointer(key) if "/" in key or "~" in key else key
            if " " in key:
                self._add(key, f"{place}/{step}")
            kind = type(member)
            if (kind is str or kind is dict or kind is list) and not (key in self._skip and is_word(member)):
                if kind is not str:
                    self.gather(member, f"{place}/{step}", depth + 1)
                elif member:
                    self._add(member, f"{place}/{step}")

    def _gather_deep(self, value: Any, place: str) -> None:
        """Without recursion, which the interpreter bounds."""
        stack = [value]
        while stack:
            item = stack.pop()
            if type(item) is str:
                self._add(item, place)
            elif type(item) is list:
                stack.extend(reversed(item))
            elif type(item) is dict:
                for key in item:
                    if " " in key:
                        self._add(key, place)
                kept = [member for key, member in item.items() if not (key in self._skip and is_word(member))]
                stack.extend(reversed(kept))

    def _add(self, text: str, place: str) -> None:
        if len(self.found) < MAX_LEAVES:
            self.found.append(Leaf(text, place))
        elif text:
            self.overflow.append(text)


def _parsed(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return None
