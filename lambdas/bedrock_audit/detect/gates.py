"""Says which rules could hold where only some signals can be seen; asked of every text, so it begins with bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from bedrock_audit.policy.clause import Place
from bedrock_audit.policy.compiled import Clause, Combined, CompiledRule, Leaf, Near, Term
from bedrock_audit.record import Value

Keys = frozenset[str]
Way = tuple[Keys, ...]
"""One way in which a term can hold: of each group of signals, one is seen."""

MOST_WAYS = 40
REMEMBERED = 500
"""Answers that are remembered: some exchanges show nothing, or the same."""


class Asked(Value, frozen=True, eq=False):
    """A rule of a clause; `where` are the places in which it looks for anything, `ways` those in which it can hold."""

    clause: Clause
    rule: CompiledRule
    where: frozenset[Place]
    ways: tuple[Way, ...]

    @property
    def is_over_exchange(self) -> bool:
        """Whether the rule looks at all texts of an exchange together."""
        return self.rule.window == "exchange"

    def looks_at_a_text_in(self, where: frozenset[Place]) -> bool:
        """Whether the rule looks at single texts, and at one in these places."""
        return bool(self.rule.signals) and not self.is_over_exchange and not self.where.isdisjoint(where)

    def may_hold(self, sees: Callable[[str], bool]) -> bool:
        """Whether it may hold where these signals are seen, whatever excuses them and however far apart they stand."""
        for way in self.ways:
            for group in way:
                for key in group:
                    if sees(key):
                        break
                else:
                    break
            else:
                return True
        return False


class Gates:
    """Rules behind gates: `bits` are those of each signal's patterns, `share` how common a signal is."""

    def __init__(self, bits: Mapping[str, int], share: Callable[[str], float]) -> None:
        self._bits = bits
        self._share = share
        self._opened: dict[int, tuple[Asked, ...]] = {}
        self._gates: dict[int, list[tuple[tuple[tuple[int, ...], ...], Asked]]] = defaultdict(list)

    def add(self, asked: Asked) -> None:
        """Puts a rule behind the gate of its rarest signals, of which one must be seen for it to hold."""
        masks = tuple(tuple(map(self._mask, way)) for way in asked.ways)
        self._gates[self._mask(self._trigger(asked.rule.term))].append((masks, asked))

    def open(self, seen: int) -> tuple[Asked, ...]:
        """The rules that could hold where the patterns of these bits can be seen."""
        found = self._opened.get(seen)
        if found is None:
            if len(self._opened) >= REMEMBERED:
                self._opened.clear()
            found = self._opened[seen] = tuple(self._open(seen))
        return found

    def _open(self, seen: int) -> Iterator[Asked]:
        for trigger, rules in self._gates.items():
            if seen & trigger:
                for ways, asked in rules:
                    if _holds(ways, seen):
                        yield asked

    def _mask(self, keys: Keys) -> int:
        return sum(self._bits[key] for key in keys)

    def _trigger(self, term: Term) -> Keys:
        """Signals of which at least one must be seen for the term to hold, the rarest such; empty if none need be."""
        if isinstance(term, Leaf):
            return frozenset({term.key})
        if isinstance(term, Near):
            return frozenset({min(term.keys, key=self._share)})
        if not isinstance(term, Combined) or not term.at_least:
            return frozenset()
        inner = sorted((keys for one in term.terms if (keys := self._trigger(one))), key=self._shares)
        spare = len(term.terms) - term.at_least + 1
        return frozenset[str]().union(*inner[:spare]) if len(inner) >= spare else frozenset()

    def _shares(self, keys: Keys) -> float:
        return sum(map(self._share, keys))


def ways(term: Term, share: Callable[[str], float]) -> tuple[Way, ...]:
    """The ways in which the term can hold, the rarest signals of each first."""
    return tuple(tuple(sorted(way, key=lambda keys: sum(map(share, keys)))) for way in _ways(term, share))


def _ways(term: Term, share: Callable[[str], float]) -> tuple[Way, ...]:
    if isinstance(term, Leaf):
        return ((frozenset({term.key}),),)
    if isinstance(term, Near):
        return (tuple(frozenset({key}) for key in term.keys),)
    if not isinstance(term, Combined) or not term.at_least:
        return ((),)
    inner = [ways(one, share) for one in term.terms]
    if term.at_least == len(inner):
        return _together(inner)
    return _either(inner) if term.at_least == 1 else (_some(inner, term.at_least),)


def _holds(ways: tuple[tuple[int, ...], ...], seen: int) -> bool:
    for masks in ways:
        for mask in masks:
            if not seen & mask:
                break
        else:
            return True
    return False


def _together(inner: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Every way of one with every way of the others; of too many, what some of them need is left out."""
    ways: tuple[Way, ...] = ((),)
    for more in sorted(inner, key=len):
        if len(ways) * len(more) <= MOST_WAYS:
            ways = tuple((*way, *groups) for way in ways for groups in more)
    return ways


def _some(inner: Sequence[tuple[Way, ...]], at_least: int) -> Way:
    """What must be seen for so many of them to hold: of any that are more than may be missing, one."""
    known = [frozenset[str]().union(*(way[0] for way in one)) for one in inner if all(one)]
    wanted = at_least - (len(inner) - len(known))
    width = len(known) - wanted + 1
    known.sort(key=len)
    return tuple(frozenset[str]().union(*known[at : at + width]) for at in range(wanted))


def _either(inner: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Any way of any; ways of a single group are one group together."""
    ways = [way for one in inner for way in one]
    single = frozenset(key for way in ways if len(way) == 1 for key in way[0])
    longer = tuple(way for way in ways if len(way) != 1)
    return (*(((single,),) if single else ()), *longer)
