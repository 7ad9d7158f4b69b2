"""Turns an exchange into matches: asks every rule of the policy, looking only where something could be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from bedrock_audit.detect.ahead import Ahead
from bedrock_audit.detect.disposition import disposition, is_refusal
from bedrock_audit.detect.facts import facts
from bedrock_audit.detect.match import Match
from bedrock_audit.detect.places import places
from bedrock_audit.detect.reading import PartRead, Reading, Used
from bedrock_audit.detect.rules import Judge, is_possible, leaves
from bedrock_audit.detect.sightings import Sightings
from bedrock_audit.detect.view import View
from bedrock_audit.exchanges import Exchange, ExchangeKind
from bedrock_audit.finding import Disposition, Span
from bedrock_audit.policy.clause import Language, Place
from bedrock_audit.policy.compiled import Clause, CompiledRule, Policy
from bedrock_audit.policy.folding import folded
from bedrock_audit.record import Direction, InvocationRecord, Part, Value


class Held(Value, frozen=True, eq=False):
    """A rule that holds, and the hits it rests on."""

    clause: Clause
    rule: CompiledRule
    used: tuple[Used, ...]


class Detector:
    """All clauses of a policy, ready to judge exchanges; one per process, its memory bounded."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._ahead = Ahead(policy)
        self._keys: dict[str, set[str]] = defaultdict(set)
        for signal in policy.signals.values():
            for pattern in signal.patterns:
                self._keys[pattern.ahead].add(signal.key)
        self._rules = [(clause, rule) for clause in policy.clauses for rule in clause.rules]

    def matches(self, exchange: Exchange, record: InvocationRecord) -> tuple[Match, ...]:
        """The clauses that hold, each once with its best rule."""
        best: dict[str, Held] = {}
        done = disposition(exchange, record)
        for held in self.held(exchange, record, done):
            known = best.get(held.clause.id)
            if known is None or held.rule.score > known.rule.score:
                best[held.clause.id] = held
        return tuple(_match(held, exchange, done) for held in best.values())

    def held(self, exchange: Exchange, record: InvocationRecord, done: Disposition) -> Iterator[Held]:
        """Every rule that holds."""
        reading = Reading(parts=tuple(self._read(exchange)), facts=facts(exchange, record, done))
        keys = frozenset().union(*(read.keys for read in reading.parts))
        for clause, rule in self._rules:
            if not is_possible(rule.term, keys):
                continue
            if not any(True for _ in leaves(rule.term)) and exchange.kind is ExchangeKind.FRAME:
                continue
            used = Judge(rule, reading, self.policy).held()
            if used is not None:
                yield Held(clause=clause, rule=rule, used=used)

    def language(self, part: Part) -> str:  # noqa: ARG002
        """The language of the part's text: one of `Language`."""
        return Language.UND

    def seen(self, exchange: Exchange, record: InvocationRecord, clause_id: str) -> Iterator[str]:
        """What each signal of the clause shows in the exchange, and which of its rules hold; for authors of clauses."""
        done = disposition(exchange, record)
        parts = tuple(self._read(exchange))
        for read in parts:
            for key in sorted(read.keys):
                if key.startswith(f"{clause_id}/") or "/" not in key:
                    words = [view.view.text[hit.start : hit.end] for view in read.views for hit in view.hits(key)]
                    shown = ", ".join(repr(word) for word in words[:5]) or "excused, or only nearly there"
                    yield f"{exchange.kind} {read.part.role}: {key.rpartition('/')[2]} = {shown}"
        for held in self.held(exchange, record, done):
            if held.clause.id == clause_id:
                yield f"{exchange.kind}: rule {held.rule.id} holds"

    def _read(self, exchange: Exchange) -> Iterator[PartRead]:
        own = exchange.asked if exchange.kind is ExchangeKind.FRAME else (*exchange.asked, *exchange.answered)
        answered = frozenset(map(id, exchange.answered))
        for part in own:
            is_answer = id(part) in answered
            if is_answer and is_refusal(part.text):
                continue
            is_prefill = exchange.is_new and is_answer and part.direction is Direction.INPUT
            yield self._part(part, places(part, is_prefill=is_prefill), is_frame=False)
        if exchange.kind is ExchangeKind.TURN:
            for part in exchange.frame:
                yield self._part(part, places(part), is_frame=True)

    def _part(self, part: Part, where: frozenset[Place], *, is_frame: bool) -> PartRead:
        view = View(text=folded(part.text), original=part.text)
        ahead = self._ahead.candidates(view.data)
        keys = frozenset(key for pattern in ahead for key in self._keys[pattern])
        views = (Sightings(view, policy=self.policy, ahead=ahead),)
        return PartRead(part=part, places=where, keys=keys, views=views, language=Language.UND, is_frame=is_frame)


def _match(held: Held, exchange: Exchange, done: Disposition) -> Match:
    clause, rule = held.clause, held.rule
    return Match(
        rule=clause.id,
        clause=clause.clause,
        severity=rule.severity or clause.severity,
        score=rule.score,
        spans=tuple(dict.fromkeys(_span(used) for used in held.used)),
        domain=clause.domain,
        title=clause.title,
        disposition=done,
        explanation=tuple(_explained(held)),
        text_hash=_hash([used.read.part.text for used in held.used] or [part.text for part in exchange.asked]),
        shadow=clause.stage == "shadow",
    )


def _span(used: Used) -> Span:
    start, end = used.view.view.original_span(used.hit.start, used.hit.end)
    part = used.read.part
    return Span(location=part.location, start=part.offset + start, end=part.offset + end)


def _explained(held: Held) -> Iterator[str]:
    yield held.rule.says or f"The rule {held.rule.id} of {held.clause.id} holds."
    seen = dict.fromkeys((used.key.rpartition("/")[2], used.read.part.role, used.read.part.direction) for used in held.used)
    for name, role, direction in seen:
        yield f"{name} was seen in the {direction} of {role}."


def _hash(texts: Sequence[str]) -> str:
    return blake2b("\x1f".join(dict.fromkeys(texts)).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
