"""Finds those of many words, pairs of words and parts of words that stand in a text; each sets its bits in a number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

import re2

from bedrock_audit.policy.needs import POSSESSIVE

MEMORY = 64 << 20
"""Bytes that the automaton of parts may use."""
_POSSESSIVE = POSSESSIVE.encode()

Bits = dict[bytes, list[int]]
"""The bits of each needle."""


class Words:
    """Whole words, each with its bits."""

    def __init__(self, bits: Bits) -> None:
        self._known = frozenset(bits)
        self._numbers = _Numbers(bits)

    def met(self, words: Sequence[bytes]) -> int:
        """The bits of those that are among the words."""
        return reduce(or_, map(self._numbers.__getitem__, self._known.intersection(words)), 0)


class Pairs:
    """Two words side by side, each pair with its bits; a possessive s between them does not part them."""

    def __init__(self, bits: Bits) -> None:
        self._seconds: dict[bytes, set[bytes]] = {}
        for pair in bits:
            first, _, second = pair.partition(b" ")
            self._seconds.setdefault(first, set()).add(second)
        self._numbers = _Numbers(bits)

    def met(self, words: Sequence[bytes]) -> int:
        """The bits of those that stand in the words, which are in order."""
        seconds = self._seconds
        words = [word for word in words if word != _POSSESSIVE]
        found = {one + b" " + two for one, two in pairwise(words) if one in seconds and two in seconds[one]}
        return reduce(or_, map(self._numbers.__getitem__, found), 0)


class Parts:
    """Parts of words and runs of them, each with its bits."""

    def __init__(self, bits: Bits) -> None:
        self._bits = [with_bits(one) for one in bits.values()]
        self._set = _literals(bits)

    def met(self, block: bytes) -> int:
        """The bits of those that stand in the block."""
        return reduce(or_, map(self._bits.__getitem__, self._set.Match(b" %b " % block) or ()), 0)


class _Numbers(dict[bytes, int]):
    """The number of each needle's bits, made when the needle is first met: most never are."""

    def __init__(self, bits: Bits) -> None:
        super().__init__()
        self._bits = bits

    def __missing__(self, needle: bytes) -> int:
        self[needle] = made = with_bits(self._bits[needle])
        return made


def with_bits(bits: Collection[int]) -> int:
    """The number in which these bits are set."""
    packed = bytearray(max(bits, default=0) // 8 + 1)
    for bit in bits:
        packed[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(packed, "little")


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
