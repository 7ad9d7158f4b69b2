"""Looks ahead: which rules could hold for a text at all, and where which patterns are worth trying on it.

Only signals that a rule cannot hold without are looked out for in every text; the rest of a policy (what excuses,
mostly) in texts where a rule would hold if nothing excused it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from operator import itemgetter, or_

import msgspec

from bedrock_audit.detect.gates import Asked, Gates, ways
from bedrock_audit.detect.lookout import WIDTH, Lookout, positions
from bedrock_audit.detect.segments import Range, places, segments
from bedrock_audit.policy.clause import Place
from bedrock_audit.policy.compiled import Clause, Combined, CompiledRule, Leaf, Near, Policy, Seeing, Term
from bedrock_audit.policy.pattern import Pattern
from bedrock_audit.record import Value

_begin = itemgetter(0)


class Ahead:
    """The rules and signals of a policy, to be looked ahead for."""

    def __init__(self, policy: Policy) -> None:
        self._signals = policy.signals
        rules = [(clause, rule) for clause in policy.clauses for rule in clause.rules]
        over = {key for _, rule in rules if rule.window == "exchange" for key in rule.signals}
        # Those first that are asked of every exchange: low bits make short numbers.
        keys = sorted({key for _, rule in rules for key in rule.signals}, key=lambda key: (key not in over, key))
        self.needed = Watched([policy.signals[key] for key in keys])
        self.over_bits = reduce(or_, map(self.needed.bits.__getitem__, over), 0)
        self._shares = {key: sum(pattern.commonness for pattern in policy.signals[key].patterns) for key in keys}
        self.all = [self._asked(clause, rule) for clause, rule in rules]
        self.unconditional = [one for one in self.all if not one.rule.signals]
        self._in_a_text: dict[frozenset[Place], Gates] = {}
        self._over_exchange = self._gates(one for one in self.all if one.rule.signals and one.is_over_exchange)

    def rules_in_a_text(self, possible: int, where: frozenset[Place]) -> tuple[Asked, ...]:
        """The rules that look at one text, in one of these places, and may hold in it."""
        if where not in self._in_a_text:
            self._in_a_text[where] = self._gates(one for one in self.all if one.looks_at_a_text_in(where))
        return self._in_a_text[where].open(possible)

    def rules_over_exchange(self, possible: int) -> tuple[Asked, ...]:
        """The rules that look at a whole exchange and may hold for it; of `possible`, only `over_bits` matter."""
        return self._over_exchange.open(possible)

    def chances(self, data: bytes) -> Chances:
        """Where each signal is worth looking for in the folded text."""
        return Chances(self, data)

    @cached_property
    def others(self) -> Watched:
        """The signals that no rule needs: what excuses."""
        return Watched([signal for key, signal in self._signals.items() if key not in self.needed.bits])

    def _asked(self, clause: Clause, rule: CompiledRule) -> Asked:
        rule = msgspec.structs.replace(rule, term=self._rarest_first(rule.term))
        where = frozenset[Place]().union(*(self._signals[key].places or rule.places for key in rule.signals))
        return Asked(clause=clause, rule=rule, where=where, ways=ways(rule.term, self._shares.__getitem__))

    def _gates(self, rules: Iterable[Asked]) -> Gates:
        gates = Gates(self.needed.bits, self._shares.__getitem__)
        for one in rules:
            gates.add(one)
        return gates

    def _rarest_first(self, term: Term) -> Term:
        """The term in an order that gives up early; what it rests on first is then the most telling."""
        if not isinstance(term, Combined):
            return term
        terms = sorted(map(self._rarest_first, term.terms), key=self._share)
        return Combined(terms=tuple(terms), at_least=term.at_least)

    def _share(self, term: Term) -> float:
        """In about how many texts of a hundred the term has to be looked at."""
        if isinstance(term, Leaf):
            return self._shares[term.key]
        if isinstance(term, Near):
            return min(self._shares[key] for key in term.keys)
        if isinstance(term, Combined) and term.terms:
            shares = sorted(map(self._share, term.terms))
            return shares[0] if term.at_least == len(shares) else sum(shares)
        return 0.0


class Where(Value, frozen=True):
    """The bits of a signal's patterns from `begin` on: all, those that cross sentences, those that are always tried."""

    begin: int
    own: int
    crossing: int
    always: int


class Watched:
    """Signals whose patterns one lookout watches; the bits of each, and where they are."""

    def __init__(self, signals: Sequence[Seeing]) -> None:
        patterns: list[Pattern] = []
        self.bits: dict[str, int] = {}
        self.where: dict[str, Where] = {}
        for signal in signals:
            begin = WIDTH * len(patterns)
            self.where[signal.key] = where = _where(signal, begin)
            self.bits[signal.key] = where.own << begin
            patterns += signal.patterns
        self.lookout = Lookout(patterns)


def _where(signal: Seeing, begin: int) -> Where:
    bits = [(1 << WIDTH * place, pattern) for place, pattern in enumerate(signal.patterns)]
    return Where(
        begin=begin,
        own=sum(bit for bit, _ in bits),
        crossing=sum(bit for bit, pattern in bits if pattern.crosses),
        always=sum(bit for bit, pattern in bits if not pattern.needs),
    )


class Chances:
    """Where in one text each signal is worth looking for; what excuses is looked out for when first asked for.

    `possible` are the bits of all that may be there of the signals rules cannot hold without; to be united over the
    texts of an exchange.
    """

    def __init__(self, ahead: Ahead, data: bytes) -> None:
        self._ahead = ahead
        self._data = data
        self._needed = ahead.needed.lookout.chances(data)
        self.possible = ahead.needed.lookout.always
        for _, bits in self._needed:
            self.possible |= bits

    def of(self, signal: Seeing) -> Iterator[tuple[Pattern, Range]]:
        """The signal's patterns and the blocks in which to try them; those that cross sentences, in the whole text."""
        where = self._ahead.needed.where.get(signal.key)
        ranges = self._needed
        if where is None:
            where, ranges = self._ahead.others.where[signal.key], self._others
        found = [(place, bits) for place, all_bits in ranges if (bits := all_bits >> where.begin & where.own)]
        everywhere = where.always
        for _, bits in found:
            everywhere |= bits & where.crossing
        for position in positions(everywhere):
            yield signal.patterns[position], (0, len(self._data))
        for place, bits in found:
            for position in positions(bits & ~everywhere):
                yield signal.patterns[position], place

    def stretches(self, place: Range, start: int) -> Iterator[Range]:
        """The stretches of a block that no phrase may leave, from the one that holds the byte `start` on."""
        for at in range(bisect_right(self._stretches, start, key=_begin) - 1, len(self._stretches)):
            if self._stretches[at][0] >= place[1]:
                return
            yield self._stretches[at]

    @cached_property
    def _stretches(self) -> list[Range]:
        return list(places(segments(self._data)))

    @cached_property
    def _others(self) -> list[tuple[Range, int]]:
        return self._ahead.others.lookout.chances(self._data)
