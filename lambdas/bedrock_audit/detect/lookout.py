"""Tells which of many patterns could match a text, by the words each of them needs, in one pass over the text.

Each pattern has NEEDED bits in a long number; each needle sets the bits of the needs it meets. A pattern is possible
where all its bits are set within two neighbouring sentences (phrases do not cross sentences; two, because a full stop
does not always end one).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from bedrock_audit.policy.compiled import Pattern
from bedrock_audit.policy.needs import MOST_NEEDS

NEEDED = MOST_NEEDS
"""Bits of a pattern, one per need; a pattern with fewer needs has its rarest twice."""

_END = b"\n"
_ASCII_WORDS = bytes(code if chr(code).isalnum() and code < 0x80 else 0x20 for code in range(256))
_SPREAD = bytes(0x0A if chr(code) in "\n!?" else _ASCII_WORDS[code] for code in range(256))


class Lookout:
    """Patterns to look out for; the bits of the pattern at position n of `patterns` begin at NEEDED * n."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        bits: dict[bytes, int] = {}
        self._always = 0
        self._first_bits = sum(1 << NEEDED * place for place in range(len(patterns)))
        for place, pattern in enumerate(patterns):
            if not pattern.needs:
                self._always |= 1 << NEEDED * place
            for number in range(NEEDED):
                for needle in _needles(pattern, number):
                    bits[needle] = bits.get(needle, 0) | 1 << NEEDED * place + number
        plain = {needle: mask for needle, mask in bits.items() if needle.isascii()}
        foreign = {needle: mask for needle, mask in bits.items() if not needle.isascii()}
        self._plain = _automaton([_END, *plain])
        self._plain_bits = [0, *plain.values()]
        self._foreign = _automaton([_END, *foreign])
        self._foreign_bits = [0, *foreign.values()]

    def possible(self, data: bytes) -> int:
        """The first bit of every pattern that may match the folded text."""
        spread = b" " + data.replace(b". ", b"\n").translate(_SPREAD).replace(_END, b" \n ") + b" \n"
        if data.isascii():
            return self._within_sentences(spread)
        return self._anywhere(spread, data)

    def _within_sentences(self, spread: bytes) -> int:
        bits = self._plain_bits
        found = before = here = 0
        for needle, _, _ in self._plain.find_matches_as_indexes(spread, overlapping=True):
            if needle:
                here |= bits[needle]
            elif here or before:
                found |= _all_met(before | here)
                before, here = here, 0
        return found & self._first_bits | self._always

    def _anywhere(self, spread: bytes, data: bytes) -> int:
        """Text that is not all ASCII: Chinese has no words to spread, so the whole of it counts as one sentence."""
        met = 0
        for needle, _, _ in self._plain.find_matches_as_indexes(spread, overlapping=True):
            met |= self._plain_bits[needle]
        for needle, _, _ in self._foreign.find_matches_as_indexes(data, overlapping=True):
            met |= self._foreign_bits[needle]
        return _all_met(met) & self._first_bits | self._always


def positions(found: int) -> Iterable[int]:
    """The positions of the patterns whose first bit is set."""
    while found:
        lowest = found & -found
        yield (lowest.bit_length() - 1) // NEEDED
        found ^= lowest


def _all_met(met: int) -> int:
    return met & met >> 1 & met >> 2


def _needles(pattern: Pattern, number: int) -> list[bytes]:
    if not pattern.needs:
        return []
    need = pattern.needs[number] if number < len(pattern.needs) else pattern.needs[0]
    return [needle.encode() for needle in need.needles]


def _automaton(needles: Sequence[bytes]) -> BytesAhoCorasick:
    return BytesAhoCorasick(needles, matchkind=MatchKind.Standard, implementation=Implementation.DFA)
