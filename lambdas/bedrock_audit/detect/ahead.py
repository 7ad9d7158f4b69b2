"""Looks ahead: which rules could hold for a text at all, and where which patterns are worth trying on it.

Only signals that a rule cannot hold without are looked out for in every text; the rest of a policy (what excuses,
mostly) in texts where a rule would hold if nothing excused it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from bedrock_audit.detect.gates import Asked, Gates, ways
from bedrock_audit.detect.lookout import WIDTH, Lookout, Range, positions
from bedrock_audit.policy.clause import Place
from bedrock_audit.policy.compiled import Clause, Combined, CompiledRule, Leaf, Near, Policy, Seeing, Term
from bedrock_audit.policy.pattern import Pattern


class Ahead:
    """The rules and signals of a policy, to be looked ahead for."""

    def __init__(self, policy: Policy) -> None:
        self._signals = policy.signals
        rules = [(clause, rule) for clause in policy.clauses for rule in clause.rules]
        keys = sorted({key for _, rule in rules for key in rule.signals})
        self.needed = Watched([policy.signals[key] for key in keys])
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
        """The rules that look at a whole exchange and may hold for it."""
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


class Watched:
    """Signals whose patterns one lookout watches; the bits of each, and at which bit they begin."""

    def __init__(self, signals: Sequence[Seeing]) -> None:
        patterns: list[Pattern] = []
        self.bits: dict[str, int] = {}
        self.begins: dict[str, int] = {}
        for signal in signals:
            self.begins[signal.key] = WIDTH * len(patterns)
            self.bits[signal.key] = sum(1 << WIDTH * (len(patterns) + place) for place in range(len(signal.patterns)))
            patterns += signal.patterns
        self.lookout = Lookout(patterns)
        self.crossing = sum(1 << WIDTH * place for place, pattern in enumerate(patterns) if pattern.crosses)


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
        """The signal's patterns and the ranges in which to try them; those that cross sentences, in the whole text."""
        is_needed = signal.key in self._ahead.needed.bits
        watched = self._ahead.needed if is_needed else self._ahead.others
        ranges = self._needed if is_needed else self._others
        begin = watched.begins[signal.key]
        own = watched.bits[signal.key] >> begin
        crossing = watched.crossing >> begin & own
        found = [(place, bits) for place, all_bits in ranges if (bits := all_bits >> begin & own)]
        everywhere = watched.lookout.always >> begin & own
        for _, bits in found:
            everywhere |= bits & crossing
        for position in positions(everywhere):
            yield signal.patterns[position], (0, len(self._data))
        for place, bits in found:
            for position in positions(bits & ~everywhere):
                yield signal.patterns[position], place

    @cached_property
    def _others(self) -> list[tuple[Range, int]]:
        return self._ahead.others.lookout.chances(self._data)
