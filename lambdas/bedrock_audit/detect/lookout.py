"""Tells which of many patterns could match where in a text, by the words each of them needs.

Each pattern has WIDTH bits in a long number; every word sets the bits of the needs it meets, and a pattern is possible
in a block of text where all its bits are set. What was found out about the blocks of a long text is remembered: much of
it comes again in the next.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bedrock_audit.detect.needles import Bits, Pairs, Parts, Words, with_bits
from bedrock_audit.detect.segments import Range, blocks
from bedrock_audit.policy.needs import MOST_NEEDS, POSSESSIVE, Need
from bedrock_audit.policy.pattern import Pattern

WIDTH = MOST_NEEDS
REMEMBERED = 8_000_000
"""Bytes of blocks that are remembered; then all are forgotten at once, which costs nothing to keep account of."""

_PART = 2
_ASCII = bytes(code if code < 0x80 and chr(code).isalnum() else 0x20 for code in range(256))


class Lookout:
    """Patterns to look out for; the pattern at position n is told by bit WIDTH * n."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        words, pairs, parts = _needles(patterns)
        self._words = Words(words)
        self._pairs = Pairs(pairs)
        self._all_parts = Parts(parts)
        self._ascii_parts = Parts({part: bits for part, bits in parts.items() if part.isascii()})
        self._first_bits = with_bits(range(0, WIDTH * len(patterns), WIDTH))
        self.always = with_bits([WIDTH * position for position, pattern in enumerate(patterns) if not pattern.needs])
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
        words = block.split()
        met = self._words.met(words) | self._pairs.met(words)
        if block.isascii():
            met |= self._ascii_parts.met(block)
        else:
            words = block.translate(_ASCII).split()
            met |= self._all_parts.met(block) | self._words.met(words) | self._pairs.met(words)
        return met & met >> 1 & met >> 2 & self._first_bits

    def _remember(self, block: bytes, found: int) -> None:
        if len(block) > self._room:
            self._known.clear()
            self._room = REMEMBERED
        if len(block) <= self._room:
            self._room -= len(block)
            self._known[block] = found


def positions(bits: int) -> Iterator[int]:
    """The positions of the patterns whose bits are set."""
    while bits:
        lowest = bits & -bits
        yield (lowest.bit_length() - 1) // WIDTH
        bits ^= lowest


def _needles(patterns: Sequence[Pattern]) -> tuple[Bits, Bits, Bits]:
    """The bits of each whole word, of each pair of them, and of each part of words or longer run."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for position, pattern in enumerate(patterns):
        for number in range(WIDTH if pattern.needs else 0):
            for needle in _need(pattern, number).needles:
                found[needle].append(WIDTH * position + number)
    sorts: tuple[Bits, Bits, Bits] = {}, {}, {}
    for needle, bits in found.items():
        sort = _sort(needle)
        sorts[sort][needle.strip().encode() if sort < _PART else needle.encode()] = bits
    return sorts


def _sort(needle: str) -> int:
    """Whether it is a word (0), a pair of words (1), or a part of words or longer run (2)."""
    words = needle.split()
    is_whole = needle.startswith(" ") and needle.endswith(" ")
    if not is_whole or len(words) > _PART or (len(words) == _PART and POSSESSIVE in words):
        return _PART
    return len(words) - 1


def _need(pattern: Pattern, number: int) -> Need:
    """A pattern with fewer needs has its rarest again; one that may cross sentences has to be found by a single one."""
    if pattern.crosses or number >= len(pattern.needs):
        return pattern.needs[0]
    return pattern.needs[number]
