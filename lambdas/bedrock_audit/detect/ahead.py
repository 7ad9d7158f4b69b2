"""Looks ahead: which signals could be seen in a text at all, the patterns of all clauses asked at once.

Two RE2 sets: a small one over the rarest signal of every rule, which every text must pass, and one over all signals,
which only texts of exchanges that passed the first are shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import re2

from bedrock_audit.policy.compiled import Combined, Leaf, Near, Policy, Seeing, Term
from bedrock_audit.policy.signals import quiet

MEMORY = 96 << 20
"""Bytes RE2 may use for an automaton; with the usual 8 MB it thrashes and is ten times slower."""

Keys = frozenset[str]
NOTHING: Keys = frozenset()


class Ahead:
    """The signals of a policy, to be looked ahead for."""

    def __init__(self, policy: Policy) -> None:
        self._signals = policy.signals
        self.triggers = {
            (clause.id, rule.id): trigger(rule.term, policy.signals)
            for clause in policy.clauses
            for rule in clause.rules
        }
        wanted = frozenset(key for keys in self.triggers.values() if keys for key in keys)
        self._first = _Patterns(policy.signals[key] for key in wanted)

    def triggered(self, data: bytes) -> Keys:
        """The triggers of rules that may be seen in the folded text."""
        return self._first.keys(data)

    def patterns(self, data: bytes) -> Keys:
        """The `ahead` of every pattern of any signal that may match the folded text."""
        return self._all.found(data)

    def keys(self, patterns: Keys) -> Keys:
        """The signals these patterns belong to."""
        return self._all.keys_of(patterns)

    def commonness(self, clause: str, rule: str) -> float:
        """In about how many of a hundred texts a trigger of the rule is expected; 0 for rules of facts alone."""
        return min(100.0, _commonness(self.triggers[clause, rule] or (), self._signals))

    @cached_property
    def _all(self) -> _Patterns:
        return _Patterns(self._signals.values())


def trigger(term: Term, signals: dict[str, Seeing]) -> Keys | None:
    """Signals of which at least one must be seen for the term to hold, the rarest such; None if none need be."""
    if isinstance(term, Leaf):
        return frozenset({term.key})
    if isinstance(term, Near):
        return _rarest([frozenset({key}) for key in term.keys], signals)
    if not isinstance(term, Combined):
        return None
    inner = [trigger(one, signals) for one in term.terms]
    if term.at_least == len(inner):
        return _rarest([keys for keys in inner if keys], signals)
    spare = len(inner) - term.at_least + 1
    needed = sorted((keys for keys in inner if keys), key=lambda keys: _commonness(keys, signals))[:spare]
    return frozenset().union(*needed) if needed and len(needed) == spare else None


def _rarest(choices: list[Keys], signals: dict[str, Seeing]) -> Keys | None:
    return min(choices, key=lambda keys: _commonness(keys, signals), default=None)


def _commonness(keys: Iterable[str], signals: dict[str, Seeing]) -> float:
    return sum(pattern.commonness for key in keys for pattern in signals[key].patterns)


class _Patterns:
    """One RE2 set, and which signals each of its patterns belongs to."""

    def __init__(self, signals: Iterable[Seeing]) -> None:
        owners: dict[str, set[str]] = defaultdict(set)
        for signal in signals:
            for pattern in signal.patterns:
                owners[pattern.ahead].add(signal.key)
        self._owners = {pattern: frozenset(keys) for pattern, keys in owners.items()}
        self._patterns = sorted(owners)
        self._set = _compiled(self._patterns)

    def found(self, data: bytes) -> Keys:
        places = self._set.Match(data) if self._patterns else None
        return frozenset(self._patterns[place] for place in places) if places else NOTHING

    def keys_of(self, patterns: Iterable[str]) -> Keys:
        return NOTHING.union(*(self._owners[pattern] for pattern in patterns))

    def keys(self, data: bytes) -> Keys:
        places = self._set.Match(data) if self._patterns else None
        return self.keys_of(self._patterns[place] for place in places) if places else NOTHING


def _compiled(patterns: Iterable[str]) -> re2.Set:
    options = quiet()
    options.max_mem = MEMORY
    compiled = re2.Set.SearchSet(options)
    for pattern in patterns:
        compiled.Add(pattern)
    compiled.Compile()
    return compiled
