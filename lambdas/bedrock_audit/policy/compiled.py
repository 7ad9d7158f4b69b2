"""A policy ready to be asked: what clauses are once their phrases and names are resolved."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property

from bedrock_audit.finding import Severity
from bedrock_audit.policy.clause import Kind, Language, Mappings, Place, Stage, When
from bedrock_audit.policy.pattern import Pattern
from bedrock_audit.record import Value


class BuiltIn(StrEnum):
    """Contexts that need more than a pattern; excuses name them like signals."""

    NEGATED = "negated"
    QUOTED = "quoted"
    CODE = "code"


class Extent(StrEnum):
    """How an excuse's distance is meant."""

    PART = "part"
    SENTENCE = "sentence"
    BEFORE = "before"
    WITHIN = "within"
    EXCHANGE = "exchange"


class Reach(Value, frozen=True):
    """How near an excuse must stand to the hit it takes away; `words` for BEFORE and WITHIN."""

    extent: Extent
    words: int = 0


class Excusing(Value, frozen=True):
    """A context (a signal's key or a built-in's name) and its reach."""

    context: str
    reach: Reach


class Seeing(Value, frozen=True):
    """A compiled signal. `key` is `clause/name`, or the bare name if it is shared; `places` None means the rule's."""

    key: str
    name: str
    patterns: tuple[Pattern, ...]
    places: frozenset[Place] | None = None
    excuses: tuple[Excusing, ...] = ()
    reach: Reach | None = None
    first: int | None = None
    last: int | None = None
    written: str | None = None


class Leaf(Value, frozen=True):
    """A signal that must be seen `times` times (with `distinct`, in as many different words)."""

    key: str
    times: int = 1
    distinct: bool = False


class Combined(Value, frozen=True):
    """At least `at_least` of the terms hold; all of them: their number; any: 1; none: 0 and nothing more."""

    terms: tuple[Term, ...]
    at_least: int


class Near(Value, frozen=True):
    """All signals within so many words; with `ordered`, in this order and not overlapping."""

    keys: tuple[str, ...]
    words: int
    ordered: bool = False


class Holds(Value, frozen=True):
    """Facts of the exchange."""

    when: When


class Absent(Value, frozen=True):
    """None of the terms holds."""

    terms: tuple[Term, ...]


Term = Leaf | Combined | Near | Holds | Absent


class CompiledRule(Value, frozen=True, dict=True):
    """A rule: `term` must hold within `window`; None of `window` and `words` is used for PART and EXCHANGE."""

    id: str
    score: float
    term: Combined
    window: str
    words: int = 0
    excuses: tuple[Excusing, ...] = ()
    when: When | None = None
    places: frozenset[Place] = frozenset()
    severity: Severity | None = None
    says: str = ""

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """The keys of the signals it may rest on (those it must not see left out), each once."""
        return tuple(dict.fromkeys(_leaves(self.term)))

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The keys of all signals in its conditions, those it must not see as well."""
        return tuple(dict.fromkeys(_all_leaves(self.term)))


def _all_leaves(term: Term) -> Iterator[str]:
    yield from _leaves(term)
    if isinstance(term, Combined | Absent):
        for inner in term.terms:
            yield from _all_leaves(inner)


def _leaves(term: Term) -> Iterator[str]:
    if isinstance(term, Leaf):
        yield term.key
    elif isinstance(term, Near):
        yield from term.keys
    elif isinstance(term, Combined):
        for inner in term.terms:
            yield from _leaves(inner)


class Clause(Value, frozen=True):
    """A compiled clause; `id` is the file's name, `clause` and `domain` what it stands for."""

    id: str
    clause: str
    domain: str | None
    title: str
    sentence: str
    kind: Kind
    severity: Severity
    mappings: Mappings
    languages: tuple[Language, ...]
    stage: Stage
    keeps_text: bool
    rules: tuple[CompiledRule, ...]
    source: str
    paragraph: str = ""


class Policy(Value, frozen=True, dict=True):
    """The clauses in force; `version` is the policy's date and a hash over everything that decides a match."""

    version: str
    clauses: tuple[Clause, ...]
    signals: dict[str, Seeing]

    @cached_property
    def by_id(self) -> dict[str, Clause]:
        """Clauses by their id."""
        return {clause.id: clause for clause in self.clauses}

    def spoken_of(self, clause: Clause) -> list[str]:
        """The keys of the signals the clause has or names, and of those that excuse them."""
        keys = {key for key in self.signals if key.startswith(f"{clause.id}/")}
        for rule in clause.rules:
            keys |= {*rule.named, *(excuse.context for excuse in rule.excuses)}
        for key in tuple(keys & self.signals.keys()):
            keys |= {excuse.context for excuse in self.signals[key].excuses}
        return sorted(keys & self.signals.keys())

    def words(self) -> frozenset[str]:
        """Every word the phrases and regular expressions speak of."""
        return frozenset(word for signal in self.signals.values() for one in signal.patterns for word in one.words())
