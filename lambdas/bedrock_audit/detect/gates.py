"""Says which rules could hold where no other signals than some can be seen; asked of every text, so made of bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from bedrock_audit.policy.compiled import Clause, Combined, CompiledRule, Leaf, Near, Term

Asked = tuple[Clause, CompiledRule]
Masks = tuple[int, ...]
Ways = tuple[Masks, ...]
"""The ways a term can hold: each a row of masks, all of which must share a bit with what can be seen."""

MOST_WAYS = 40


class Gates:
    """Rules behind gates: `bits` are those of each signal's patterns, `share` how common a signal is."""

    def __init__(self, bits: Mapping[str, int], share: Callable[[str], float]) -> None:
        self._bits = bits
        self._share = share
        self._gates: dict[int, list[tuple[Ways, Asked]]] = defaultdict(list)

    def add(self, asked: Asked) -> None:
        """Puts a rule behind the gate of its rarest signals, of which one must be seen for it to hold."""
        trigger = sum(self._bits[key] for key in self._trigger(asked[1].term))
        self._gates[trigger].append((self._ways(asked[1].term), asked))

    def open(self, seen: int) -> Iterator[Asked]:
        """The rules that could hold where the patterns of these bits can be seen."""
        for trigger, rules in self._gates.items():
            if seen & trigger:
                for ways, asked in rules:
                    if _holds(ways, seen):
                        yield asked

    def _trigger(self, term: Term) -> frozenset[str]:
        """Signals of which at least one must be seen for the term to hold, the rarest such; empty if none need be."""
        if isinstance(term, Leaf):
            return frozenset({term.key})
        if isinstance(term, Near):
            return frozenset({min(term.keys, key=self._share)})
        if not isinstance(term, Combined) or not term.at_least:
            return frozenset()
        inner = sorted((keys for one in term.terms if (keys := self._trigger(one))), key=self._shares)
        spare = len(term.terms) - term.at_least + 1
        return frozenset().union(*inner[:spare]) if len(inner) >= spare else frozenset()

    def _shares(self, keys: frozenset[str]) -> float:
        return sum(map(self._share, keys))

    def _ways(self, term: Term) -> Ways:
        if isinstance(term, Leaf):
            return ((self._bits[term.key],),)
        if isinstance(term, Near):
            return (tuple(self._bits[key] for key in sorted(term.keys, key=self._share)),)
        if not isinstance(term, Combined) or not term.at_least:
            return ((),)
        inner = [self._ways(one) for one in term.terms]
        if term.at_least == len(inner):
            return _together(inner)
        return _either(inner) if term.at_least == 1 else ((),)


def _holds(ways: Ways, seen: int) -> bool:
    for masks in ways:
        for mask in masks:
            if not seen & mask:
                break
        else:
            return True
    return False


def _together(inner: list[Ways]) -> Ways:
    """Every way of one with every way of the others; too many are cut down to what all of them need at least."""
    ways: Ways = ((),)
    for more in sorted(inner, key=len):
        if len(ways) * len(more) > MOST_WAYS:
            continue
        ways = tuple((*way, *masks) for way in ways for masks in more)
    return ways


def _either(inner: list[Ways]) -> Ways:
    """Any way of any; ways of a single mask are one mask together."""
    ways = [way for one in inner for way in one]
    single = 0
    for way in ways:
        single |= way[0] if len(way) == 1 else 0
    longer = tuple(way for way in ways if len(way) != 1)
    return (*(((single,),) if single else ()), *longer)
