"""Tells which of many patterns could match where in a text, by the words each of them needs.

Each pattern has WIDTH bits in a long number; every word sets the bits of the needs it meets, and a pattern is possible
in a stretch of text where all its bits are set. What was found out about a stretch is remembered: prompts are made of
templates, and conversations repeat themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

import re2

from bedrock_audit.detect.segments import places, segments
from bedrock_audit.policy.needs import MOST_NEEDS, Need
from bedrock_audit.policy.pattern import Pattern

Range = tuple[int, int]

WIDTH = MOST_NEEDS
REMEMBERED = 8_000_000
"""Bytes of stretches that are remembered; then all are forgotten at once, which costs nothing to keep account of."""
MEMORY = 64 << 20

_ASCII = bytes(code if code < 0x80 and chr(code).isalnum() else 0x20 for code in range(256))


class Lookout:
    """Patterns to look out for; the pattern at position n is told by bit WIDTH * n."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._words: dict[bytes, int] = {}
        self._parts: dict[bytes, int] = {}
        self.always = 0
        for position, pattern in enumerate(patterns):
            self._add(pattern, position)
        self._first_bits = sum(1 << WIDTH * position for position in range(len(patterns)))
        self._vocabulary = frozenset(self._words)
        self._part_bits = list(self._parts.values())
        self._set = _literals(self._parts)
        self._known: dict[bytes, int] = {}
        self._room = REMEMBERED

    @property
    def remembered(self) -> int:
        """Bytes of stretches that are remembered now."""
        return REMEMBERED - self._room

    def chances(self, data: bytes) -> list[tuple[Range, int]]:
        """What is possible where: ranges of the folded text, each with the bits of what may match within it."""
        cut = segments(data)
        known = self._known
        found = [
            (place, known[one] if one in known else self._found_out(one))
            for place, one in zip(places(cut), cut, strict=True)
        ]
        return [(place, bits) for place, bits in found if bits]

    def _add(self, pattern: Pattern, position: int) -> None:
        if not pattern.needs:
            self.always |= 1 << WIDTH * position
        for number in range(WIDTH if pattern.needs else 0):
            for needle in _need(pattern, number).needles:
                word = needle.strip().encode()
                is_word = needle.startswith(" ") and needle.endswith(" ") and b" " not in word
                table = self._words if is_word else self._parts
                key = word if is_word else needle.encode()
                table[key] = table.get(key, 0) | 1 << WIDTH * position + number

    def _found_out(self, segment: bytes) -> int:
        met = reduce(or_, map(self._words.__getitem__, self._vocabulary.intersection(segment.split())), 0)
        if not segment.isascii():
            for word in self._vocabulary.intersection(segment.translate(_ASCII).split()):
                met |= self._words[word]
        for part in self._set.Match(b" %b " % segment) or ():
            met |= self._part_bits[part]
        found = met & met >> 1 & met >> 2 & self._first_bits if met else 0
        self._remember(segment, found)
        return found

    def _remember(self, segment: bytes, found: int) -> None:
        if len(segment) > self._room:
            self._known.clear()
            self._room = REMEMBERED
        if len(segment) <= self._room:
            self._room -= len(segment)
            self._known[segment] = found


def positions(bits: int) -> Iterator[int]:
    """The positions of the patterns whose bits are set."""
    while bits:
        lowest = bits & -bits
        yield (lowest.bit_length() - 1) // WIDTH
        bits ^= lowest


def _need(pattern: Pattern, number: int) -> Need:
    """A pattern with fewer needs has its rarest again; one that may cross sentences has to be found by a single one."""
    if pattern.crosses or number >= len(pattern.needs):
        return pattern.needs[0]
    return pattern.needs[number]


def _literals(parts: Sequence[bytes] | dict[bytes, int]) -> re2.Set:
    options = re2.Options()
    options.literal = True
    options.log_errors = False
    options.max_mem = MEMORY
    options.encoding = re2.Options.Encoding.LATIN1
    found = re2.Set.SearchSet(options)
    for part in parts:
        found.Add(part)
    found.Compile()
    return found
