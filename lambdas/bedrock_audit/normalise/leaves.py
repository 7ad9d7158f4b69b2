"""Finds the strings in any JSON value, with a pointer to each; knows nothing about what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
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


class Leaf(Value, frozen=True):
    """A string found in a JSON value, and where."""

    text: str
    location: str

    @property
    def is_blob(self) -> bool:
        """True for long runs without any space that look like base64: data, not words."""
        return len(self.text) >= _BLOB_LENGTH and _BLOB(self.text) is not None

    @staticmethod
    def of_json_text(text: str, location: str) -> Iterator[Leaf]:
        """The string as it stands, and the strings in it that JSON escapes hide from a plain look."""
        if text:
            yield Leaf(text, location)
        if "\\" in text:
            yield from (leaf for leaf in leaves(_parsed(text), location) if leaf.text not in text)


def pointer(key: str) -> str:
    """A key as an RFC 6901 reference token."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def leaves(value: Any, location: str, *, skip: Set[str] = frozenset()) -> Iterator[Leaf]:
    """Every non-empty string in `value`, in order; keys that are sentences (hostile: text hidden in keys) count too.

    Members named in `skip` are left out where they hold words (`noise.is_word`).
    """
    overflow: list[str] = []
    for count, leaf in enumerate(_walked(value, location, skip=skip)):
        if count < MAX_LEAVES:
            yield leaf
        else:
            overflow.append(leaf.text)
    if overflow:
        yield Leaf(_SEPARATOR.join(overflow), location)


def _walked(value: Any, location: str, *, skip: Set[str]) -> Iterator[Leaf]:
    stack: list[tuple[Any, str, int]] = [(value, location, 0)]
    while stack:
        item, place, depth = stack.pop()
        if type(item) is str:
            if item:
                yield Leaf(item, place)
        elif type(item) is dict:
            yield from (Leaf(key, f"{place}/{pointer(key)}") for key in item if " " in key)
            members = [(key, member) for key, member in item.items() if not (key in skip and is_word(member))]
            stack.extend((member, _below(place, key, depth=depth), depth + 1) for key, member in reversed(members))
        elif type(item) is list:
            numbered = reversed(list(enumerate(item)))
            stack.extend((member, _below(place, index, depth=depth), depth + 1) for index, member in numbered)


def _below(place: str, step: str | int, *, depth: int) -> str:
    if depth >= MAX_POINTER_DEPTH:
        return place
    return f"{place}/{step if type(step) is int else pointer(str(step))}"


def _parsed(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
