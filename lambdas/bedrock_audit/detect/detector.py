"""Turns an exchange into matches: asks every rule of the policy that could hold, and only where it could."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, reduce
from operator import or_

import msgspec

from bedrock_audit.detect.disposition import disposition
from bedrock_audit.detect.evidence import excerpt, spans, text_hash
from bedrock_audit.detect.explanation import explanation
from bedrock_audit.detect.facts import Facts, facts
from bedrock_audit.detect.gates import Asked
from bedrock_audit.detect.match import Match
from bedrock_audit.detect.memory import Memory
from bedrock_audit.detect.places import NOWHERE, places
from bedrock_audit.detect.reading import PartRead, Reading, Used
from bedrock_audit.detect.rules import Judge
from bedrock_audit.detect.text_reading import TextReader, TextReading
from bedrock_audit.exchanges import Exchange, ExchangeKind
from bedrock_audit.finding import Disposition, Span
from bedrock_audit.policy.clause import Stage
from bedrock_audit.policy.compiled import Clause, CompiledRule, Policy
from bedrock_audit.record import Direction, InvocationRecord, Part, Role, Value

REMEMBERED_EXCHANGES = 20_000
_BROUGHT_ALONG = frozenset({Role.TOOL, Role.DOCUMENT})


class Held(Value, frozen=True, eq=False):
    """A rule that holds, and the hits it rests on."""

    clause: Clause
    rule: CompiledRule
    used: tuple[Used, ...]


class Found(Value, frozen=True):
    """A match, and where its spans are: each with the position of its part, so that it can be told of any record."""

    match: Match
    spans: tuple[tuple[int, int, int], ...]


class Detector:
    """All clauses of a policy, ready to judge exchanges. One per process; what it remembers is bounded."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._texts = TextReader(policy)
        self._last_frame: tuple[tuple[Part, ...], list[TextReading]] = ((), [])
        self._memory: Memory[object, tuple[Found, ...]] = Memory(budget=REMEMBERED_EXCHANGES, size=lambda _: 1)

    def matches(self, exchange: Exchange, record: InvocationRecord) -> tuple[Match, ...]:
        """The clauses that hold for the exchange, each once, by its best rule."""
        texts = self._read(exchange)
        if not self._is_promising(texts, exchange, record):
            return ()
        key = _identity(exchange, record, texts)
        found = self._memory.get(key)
        if found is None:
            found = self._memory.keep(key, tuple(self._found(exchange, record, texts)))
        return tuple(_placed(one, _parts(exchange)) for one in found)

    def _read(self, exchange: Exchange) -> list[TextReading]:
        """What is known of each part's text, standing where it does."""
        read = self._texts.read
        texts = [read(part.text, places(part)) for part in exchange.asked]
        texts += [read(part.text, places(part, is_prefill=_is_prefill(part, exchange))) for part in exchange.answered]
        return texts + self._frame(exchange) if exchange.kind is ExchangeKind.TURN else texts

    def _frame(self, exchange: Exchange) -> list[TextReading]:
        """What is known of the frame, which is the same for every exchange of a record."""
        if self._last_frame[0] is not exchange.frame:
            read = [self._texts.read(part.text, places(part)) for part in exchange.frame]
            self._last_frame = (exchange.frame, read)
        return self._last_frame[1]

    def _found(self, exchange: Exchange, record: InvocationRecord, texts: Sequence[TextReading]) -> Iterator[Found]:
        asked = self._asked(texts, exchange, record)
        if asked:
            told = facts(exchange, record, disposition(exchange, record))
            for held in _best(self._held(asked, _reading(exchange, texts, told))):
                yield _found(held, _parts(exchange), told)

    def language(self, part: Part) -> str:
        """The language of the part's text: one of `Language`."""
        return self._texts.language(part.text)

    @property
    def texts_looked_at(self) -> int:
        """How many texts were looked at in this process; one that is still remembered is not looked at again."""
        return self._texts.looked_at

    def rules_holding(self, exchange: Exchange, record: InvocationRecord, clause_id: str) -> tuple[str, ...]:
        """The ids of the clause's rules that hold, all of them; for authors of clauses."""
        reading = self._whole_reading(exchange, record)
        asked = [one for one in self._texts.ahead.all if one.clause.id == clause_id]
        return tuple(held.rule.id for held in self._held(asked, reading))

    def seen(self, exchange: Exchange, record: InvocationRecord, clause_id: str) -> Iterator[str]:
        """What each signal shows in the exchange, and which rules of the clause hold; for authors of clauses."""
        for read in self._whole_reading(exchange, record).parts:
            for key in self.policy.spoken_of(self.policy.by_id[clause_id]):
                words = [view.view.text[hit.start : hit.end] for view in read.views for hit in view.hits(key)]
                if any(view.might_see(key) for view in read.views):
                    shown = ", ".join(map(repr, words[:5])) or "excused, or only nearly there"
                    yield f"{exchange.kind} {read.part.role}: {key.rpartition('/')[2]} = {shown}"
        for rule in self.rules_holding(exchange, record, clause_id):
            yield f"{exchange.kind}: rule {rule} holds"

    def _whole_reading(self, exchange: Exchange, record: InvocationRecord) -> Reading:
        told = facts(exchange, record, disposition(exchange, record))
        return _reading(exchange, self._read(exchange), told)

    def _is_promising(self, texts: Sequence[TextReading], exchange: Exchange, record: InvocationRecord) -> bool:
        """Whether any rule may hold; of most exchanges, words that have been looked at before say no."""
        possible = 0
        for text in texts:
            if text.rules:
                return True
            possible |= text.over
        return bool(self._texts.ahead.rules_over_exchange(possible) or self._by_facts(exchange, record))

    def _asked(self, texts: Sequence[TextReading], exchange: Exchange, record: InvocationRecord) -> list[Asked]:
        """The rules that have to be judged: what their signals need is there, or they need none."""
        own = len(exchange.asked) + len(exchange.answered)
        possible = reduce(or_, (text.over for text in texts), 0)
        sees = cache(lambda key: any(text.sees(key) for text in texts))
        return [
            *(one for text in texts[:own] for one in text.rules),
            *(one for one in self._texts.ahead.rules_over_exchange(possible) if one.may_hold(sees)),
            *self._by_facts(exchange, record),
        ]

    def _by_facts(self, exchange: Exchange, record: InvocationRecord) -> list[Asked]:
        """The rules of facts alone that are worth judging: most records have no guardrail that one could rest on."""
        if exchange.kind is not ExchangeKind.TURN:
            return []
        return [one for one in self._texts.ahead.unconditional if _may_be(one.rule, exchange, record)]

    def _held(self, asked: Sequence[Asked], reading: Reading) -> Iterator[Held]:
        for one in dict.fromkeys(asked):
            used = Judge(one, reading, self.policy).held()
            if used is not None:
                yield Held(clause=one.clause, rule=one.rule, used=used)


def _parts(exchange: Exchange) -> tuple[Part, ...]:
    """The exchange's own parts, then its frame; for a frame alone, that."""
    frame = exchange.frame if exchange.kind is ExchangeKind.TURN else ()
    return (*exchange.asked, *exchange.answered, *frame)


def _may_be(rule: CompiledRule, exchange: Exchange, record: InvocationRecord) -> bool:
    """Whether the facts that a rule rests on can be there."""
    if rule.when is None or rule.when.guardrail is None:
        return True
    return exchange.is_new and record.guardrail is not None


def _is_prefill(answer: Part, exchange: Exchange) -> bool:
    """Whether the caller wrote the beginning of the answer that the model was asked for."""
    return exchange.is_new and answer.direction is Direction.INPUT


def _identity(exchange: Exchange, record: InvocationRecord, texts: Sequence[TextReading]) -> tuple[object, ...]:
    """Everything a match depends on but where it stands in the record."""
    told = (record.stop_reason, record.guardrail) if exchange.is_new else ()
    counts = (len(exchange.asked), len(exchange.answered), len(exchange.frame))
    return (exchange.is_new, *counts, record.model.id, record.media, told, *[text.number for text in texts])


def _reading(exchange: Exchange, texts: Sequence[TextReading], told: Facts) -> Reading:
    asked, own = len(exchange.asked), len(exchange.asked) + len(exchange.answered)
    reads = []
    for position, (part, text) in enumerate(zip(_parts(exchange), texts, strict=True)):
        is_answer = asked <= position < own and not _is_prefill(part, exchange)
        where = NOWHERE if is_answer and text.is_refusal else text.places
        reads.append(PartRead(part=part, position=position, places=where, text=text, is_frame=position >= own))
    return Reading(parts=reads, facts=told)


def _best(held: Iterator[Held]) -> Sequence[Held]:
    best: dict[str, Held] = {}
    for one in held:
        known = best.get(one.clause.id)
        if known is None or one.rule.score > known.rule.score:
            best[one.clause.id] = one
    return tuple(best.values())


def _found(held: Held, parts: Sequence[Part], told: Facts) -> Found:
    clause, rule, used = held.clause, held.rule, held.used
    match = Match(
        rule=clause.id,
        clause=clause.clause,
        severity=rule.severity or clause.severity,
        score=rule.score,
        spans=(),
        domain=clause.domain,
        title=clause.title,
        disposition=_followed(told.disposition, used),
        explanation=tuple(explanation(clause, rule, used)),
        excerpt=excerpt(used) if clause.keeps_text else None,
        text_hash=text_hash([one.read.part.text for one in used] or [part.text for part in parts]),
        language=used[0].read.language if used else "",
        shadow=clause.stage is Stage.SHADOW,
    )
    return Found(match=match, spans=spans(used))


def _followed(told: Disposition, used: Sequence[Used]) -> Disposition:
    """An answer tells that the model did what its user asked; whether it did what a document says, it does not tell."""
    is_brought_along = bool(used) and all(one.read.part.role in _BROUGHT_ALONG for one in used)
    return Disposition.UNKNOWN if told is Disposition.COMPLIED and is_brought_along else told


def _placed(found: Found, parts: Sequence[Part]) -> Match:
    shown = tuple(
        Span(location=parts[at].location, start=parts[at].offset + start, end=parts[at].offset + end)
        for at, start, end in found.spans
    )
    return msgspec.structs.replace(found.match, spans=shown)
