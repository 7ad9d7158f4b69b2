"""Looks ahead: which rules could hold for a text at all, and which patterns are worth trying on it.

Only signals that a rule cannot hold without are looked out for in every text; the rest of a policy (what excuses,
mostly) in texts of exchanges for which some rule could hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from bedrock_audit.detect.lookout import NEEDED, Lookout, positions
from bedrock_audit.policy.compiled import Clause, Combined, CompiledRule, Leaf, Near, Pattern, Policy, Term
from bedrock_audit.record import Value

Keys = frozenset[str]
Asked = tuple[Clause, CompiledRule]


class Gate(Value, frozen=True, eq=False):
    """A rule that has to be judged where every one of `masks` shares a bit with what is possible."""

    asked: Asked
    masks: tuple[int, ...]


class Ahead:
    """The rules and signals of a policy, to be looked ahead for."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._needed = {(clause.id, rule.id): _groups(rule.term) for clause in policy.clauses for rule in clause.rules}
        keys = sorted({key for groups in self._needed.values() for group in groups for key in group})
        patterns, self._bits = _numbered(keys, policy)
        self._lookout = Lookout(patterns)
        self._gates: dict[bool, dict[int, list[Gate]]] = {True: defaultdict(list), False: defaultdict(list)}
        self.unconditional: list[Asked] = []
        for clause in policy.clauses:
            for rule in clause.rules:
                self._add_gate(clause, rule)

    def possible(self, data: bytes) -> int:
        """What may be in the folded text of the signals rules cannot hold without; to be united over an exchange."""
        return self._lookout.possible(data)

    def rules(self, possible: int, *, over_exchange: bool) -> Iterator[Asked]:
        """The rules that may hold: those over a whole exchange, or those within one text."""
        for trigger, gates in self._gates[over_exchange].items():
            if possible & trigger:
                yield from (gate.asked for gate in gates if all(possible & mask for mask in gate.masks))

    def patterns(self, data: bytes) -> frozenset[str]:
        """The `exact` of every pattern of any signal that may match the folded text."""
        lookout, patterns = self._every
        return frozenset(patterns[place].exact for place in positions(lookout.possible(data)))

    def keys(self, exacts: Iterable[str]) -> Keys:
        """The signals these patterns belong to."""
        return frozenset(key for exact in exacts for key in self._owners[exact])

    def _add_gate(self, clause: Clause, rule: CompiledRule) -> None:
        groups = sorted(self._needed[clause.id, rule.id], key=self._share)
        masks = tuple(sum(self._bits[key] for key in group) for group in groups)
        if masks:
            gate = Gate(asked=(clause, rule), masks=masks[1:])
            self._gates[rule.window == "exchange"][masks[0]].append(gate)
        else:
            self.unconditional.append((clause, rule))

    def _share(self, group: Keys) -> float:
        return sum(pattern.commonness for key in group for pattern in self._policy.signals[key].patterns)

    @cached_property
    def _every(self) -> tuple[Lookout, list[Pattern]]:
        patterns = [pattern for signal in self._policy.signals.values() for pattern in signal.patterns]
        return Lookout(patterns), patterns

    @cached_property
    def _owners(self) -> dict[str, set[str]]:
        owners: dict[str, set[str]] = defaultdict(set)
        for signal in self._policy.signals.values():
            for pattern in signal.patterns:
                owners[pattern.exact].add(signal.key)
        return owners


def _groups(term: Term) -> list[Keys]:
    """Groups of signals of each of which at least one must be seen for the term to hold."""
    if isinstance(term, Leaf):
        return [frozenset({term.key})]
    if isinstance(term, Near):
        return [frozenset({key}) for key in term.keys]
    if not isinstance(term, Combined) or not term.at_least:
        return []
    inner = [_groups(one) for one in term.terms]
    if term.at_least == len(inner):
        return [group for groups in inner for group in groups]
    if not all(inner):
        return []
    return [frozenset().union(*(min(groups, key=len) for groups in inner))]


def _numbered(keys: Iterable[str], policy: Policy) -> tuple[list[Pattern], dict[str, int]]:
    """The patterns of the signals in a row, and the first bits of each signal's patterns."""
    patterns: list[Pattern] = []
    bits: dict[str, int] = {}
    for key in keys:
        own = policy.signals[key].patterns
        bits[key] = sum(1 << NEEDED * (len(patterns) + place) for place in range(len(own)))
        patterns += own
    return patterns, bits
