"""Looks ahead: which rules could hold for a text at all, and which patterns are worth trying on it.

Only signals that a rule cannot hold without are looked out for in every text; the rest of a policy (what excuses,
mostly) in texts of exchanges for which some rule could hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from bedrock_audit.detect.lookout import WIDTH, Lookout, Range, positions
from bedrock_audit.policy.compiled import Clause, Combined, CompiledRule, Leaf, Near, Policy, Seeing, Term
from bedrock_audit.policy.pattern import Pattern

Keys = frozenset[str]
Asked = tuple[Clause, CompiledRule]


class Ahead:
    """The rules and signals of a policy, to be looked ahead for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        rules = [(clause, rule) for clause in policy.clauses for rule in clause.rules]
        keys = sorted({key for _, rule in rules for key in leaves(rule.term)})
        self._lookout, self._bits = _lookout([policy.signals[key] for key in keys])
        self._gates: dict[bool, dict[int, list[Asked]]] = {True: defaultdict(list), False: defaultdict(list)}
        self.unconditional: list[Asked] = []
        for clause, rule in rules:
            trigger = self._trigger(rule.term)
            if trigger is None:
                self.unconditional.append((clause, rule))
            else:
                bits = sum(self._bits[key] for key in trigger)
                self._gates[rule.window == "exchange"][bits].append((clause, rule))

    def possible(self, data: bytes) -> int:
        """What may be in the folded text of the signals rules cannot hold without; to be united over an exchange."""
        return self._lookout.possible(data)

    def rules(self, possible: int, *, over_exchange: bool) -> Iterator[Asked]:
        """The rules that may hold: those over a whole exchange, or those within one text."""
        for trigger, asked in self._gates[over_exchange].items():
            if possible & trigger:
                yield from (one for one in asked if self._may_hold(one[1].term, possible))

    def chances(self, data: bytes) -> Chances:
        """Where each pattern of any signal may match the folded text."""
        lookout, bits = self._every
        return Chances(lookout, bits, data=data)

    def _may_hold(self, term: Term, possible: int) -> bool:
        if isinstance(term, Leaf):
            return bool(self._bits[term.key] & possible)
        if isinstance(term, Near):
            return all(self._bits[key] & possible for key in term.keys)
        if isinstance(term, Combined):
            missing = len(term.terms) - term.at_least
            for inner in term.terms:
                missing -= not self._may_hold(inner, possible)
                if missing < 0:
                    return False
        return True

    def _trigger(self, term: Term) -> Keys | None:
        """Signals of which at least one must be seen for the term to hold, the rarest such; None if none need be."""
        if isinstance(term, Leaf):
            return frozenset({term.key})
        if isinstance(term, Near):
            return min((frozenset({key}) for key in term.keys), key=self._share)
        if not isinstance(term, Combined):
            return None
        inner = sorted((keys for one in term.terms if (keys := self._trigger(one))), key=self._share)
        spare = len(term.terms) - term.at_least + 1
        return frozenset().union(*inner[:spare]) if len(inner) >= spare > 0 and term.at_least else None

    def _share(self, keys: Keys) -> float:
        """In about how many texts of a hundred one of the signals has to be looked for."""
        return sum(pattern.commonness for key in keys for pattern in self._policy.signals[key].patterns)

    @cached_property
    def _every(self) -> tuple[Lookout, dict[str, int]]:
        return _lookout(list(self._policy.signals.values()))


class Chances:
    """Where in one text each signal is worth looking for."""

    def __init__(self, lookout: Lookout, bits: dict[str, int], *, data: bytes) -> None:
        self._ranges = lookout.chances(data)
        self._always = lookout.always
        self._bits = bits
        self._whole = (0, len(data))
        self._is_ascii = data.isascii()

    def of(self, signal: Seeing) -> Iterator[tuple[Pattern, Range]]:
        """The signal's patterns and the ranges in which to try them; those that cross sentences, in the whole text."""
        wanted = self._bits[signal.key]
        first = (wanted & -wanted).bit_length() // WIDTH
        done: set[int] = set()
        for place, possible in ((self._whole, self._always), *self._ranges):
            for position in positions(possible & wanted):
                pattern = signal.patterns[position - first]
                is_whole = place is self._whole or pattern.crosses or not self._is_ascii
                if position not in done:
                    yield pattern, self._whole if is_whole else place
                if is_whole:
                    done.add(position)


def leaves(term: Term) -> Iterator[str]:
    """The keys of the signals a term needs (those it must not see left out)."""
    if isinstance(term, Leaf):
        yield term.key
    elif isinstance(term, Near):
        yield from term.keys
    elif isinstance(term, Combined):
        for inner in term.terms:
            yield from leaves(inner)


def _lookout(signals: Sequence[Seeing]) -> tuple[Lookout, dict[str, int]]:
    """A lookout for the patterns of the signals in a row, and the bits of each signal's patterns."""
    patterns: list[Pattern] = []
    bits: dict[str, int] = {}
    for signal in signals:
        bits[signal.key] = sum(1 << WIDTH * (len(patterns) + place) for place in range(len(signal.patterns)))
        patterns += signal.patterns
    return Lookout(patterns), bits
