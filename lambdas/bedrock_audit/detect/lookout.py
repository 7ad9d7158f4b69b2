"""Tells which of many patterns could match where in a text, by the words each of them needs.

Each pattern has WIDTH bits in a long number; every word sets the bits of the needs it meets, and a pattern is possible
in a block of text where all its bits are set. What was found out about the blocks of a long text is remembered: much of
it comes again in the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import re2

from bedrock_audit.detect.segments import Range, blocks
from bedrock_audit.policy.needs import MOST_NEEDS, Need
from bedrock_audit.policy.pattern import Pattern

WIDTH = MOST_NEEDS
REMEMBERED = 8_000_000
"""Bytes of blocks that are remembered; then all are forgotten at once, which costs nothing to keep account of."""
MEMORY = 64 << 20

_ASCII = bytes(code if code < 0x80 and chr(code).isalnum() else 0x20 for code in range(256))


class Lookout:
    """Patterns to look out for; the pattern at position n is told by bit WIDTH * n."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        words, parts = _needles(patterns)
        self._words = {word: _number(bits) for word, bits in words.items()}
        self._vocabulary = frozenset(words)
        self._all_parts = _Parts({part: _number(bits) for part, bits in parts.items()})
        self._ascii_parts = _Parts({part: _number(bits) for part, bits in parts.items() if part.isascii()})
        self._first_bits = _number(range(0, WIDTH * len(patterns), WIDTH))
        self.always = _number([WIDTH * position for position, pattern in enumerate(patterns) if not pattern.needs])
        self._known: dict[bytes, int] = {}
        self._room = REMEMBERED

    @property
    def remembered(self) -> int:
        """Bytes of blocks that are remembered now."""
        return REMEMBERED - self._room

    def chances(self, data: bytes) -> list[tuple[Range, int]]:
        """What is possible where: ranges of the folded text, each with the bits of what may match within it."""
        cut = blocks(data)
        if len(cut) == 1:
            found = [(cut[0][0], self._found_out(cut[0][1]))]  # whoever reads texts remembers whole ones
        else:
            found = [(place, self._recalled(block)) for place, block in cut]
        return [(place, bits) for place, bits in found if bits]

    def _recalled(self, block: bytes) -> int:
        found = self._known.get(block)
        if found is None:
            found = self._found_out(block)
            self._remember(block, found)
        return found

    def _found_out(self, block: bytes) -> int:
        met = reduce(or_, map(self._words.__getitem__, self._vocabulary.intersection(block.split())), 0)
        if block.isascii():
            met |= self._ascii_parts.met(block)
        else:
            met |= self._all_parts.met(block)
            for word in self._vocabulary.intersection(block.translate(_ASCII).split()):
                met |= self._words[word]
        return met & met >> 1 & met >> 2 & self._first_bits

    def _remember(self, block: bytes, found: int) -> None:
        if len(block) > self._room:
            self._known.clear()
            self._room = REMEMBERED
        if len(block) <= self._room:
            self._room -= len(block)
            self._known[block] = found


class _Parts:
    """Parts of words and runs of them, each with its bits."""

    def __init__(self, parts: Mapping[bytes, int]) -> None:
        self._bits = list(parts.values())
        self._set = _literals(parts)

    def met(self, block: bytes) -> int:
        """The bits of those that stand in the block."""
        return reduce(or_, map(self._bits.__getitem__, self._set.Match(b" %b " % block) or ()), 0)


def positions(bits: int) -> Iterator[int]:
    """The positions of the patterns whose bits are set."""
    while bits:
        lowest = bits & -bits
        yield (lowest.bit_length() - 1) // WIDTH
        bits ^= lowest


Bits = dict[bytes, list[int]]


def _needles(patterns: Sequence[Pattern]) -> tuple[Bits, Bits]:
    """The bits of each whole word, and of each part of words or run of them."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, pattern in enumerate(patterns):
        for number in range(WIDTH if pattern.needs else 0):
            for needle in _need(pattern, number).needles:
                found[needle].append(WIDTH * position + number)
    words = {needle.strip().encode(): bits for needle, bits in found.items() if _is_word(needle)}
    return words, {needle.encode(): bits for needle, bits in found.items() if not _is_word(needle)}


def _is_word(needle: str) -> bool:
    return needle.startswith(" ") and needle.endswith(" ") and " " not in needle.strip()


def _number(bits: Collection[int]) -> int:
    """The number in which these bits are set."""
    packed = bytearray(max(bits, default=0) // 8 + 1)
    for bit in bits:
        packed[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(packed, "little")


def _need(pattern: Pattern, number: int) -> Need:
    """A pattern with fewer needs has its rarest again; one that may cross sentences has to be found by a single one."""
    if pattern.crosses or number >= len(pattern.needs):
        return pattern.needs[0]
    return pattern.needs[number]


def _literals(parts: Iterable[bytes]) -> re2.Set:
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
