"""Turns what could not be read or seen of a log into findings, so that silence never reads as innocence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bedrock_audit.context import Context
from bedrock_audit.finding import Attribution, Evidence, Finding, Observation, Severity, Verdict, coverage_id
from bedrock_audit.observing import evidence_in, finding_about, observed, occurring, stamped
from bedrock_audit.record import FALLBACK, BodyState, InvocationRecord, Unreadable, Value

CLAUSE = "coverage"
UNKNOWN_SHAPE = "unknown-shape"


class Gap(Value, frozen=True):
    """How one reason for not seeing a body is told."""

    verdict: Verdict
    severity: Severity
    title: str
    explanation: str


GAPS = {
    BodyState.UNRESOLVED: Gap(
        Verdict.COULD_NOT_EVALUATE,
        Severity.MEDIUM,
        "Offloaded content not fetched",
        "Bedrock put a prompt or completion into an object of its own, and it could not be had.",
    ),
    BodyState.DELIVERY_OFF: Gap(
        Verdict.COVERAGE_GAP,
        Severity.HIGH,
        "Content delivery is switched off",
        "The records name tokens but hold no text: the logging configuration does not deliver this kind of content.",
    ),
    BodyState.TOO_LARGE: Gap(
        Verdict.COVERAGE_GAP,
        Severity.MEDIUM,
        "Content too large for the log",
        "A prompt or completion was over 100 KB and the logging configuration names no bucket for large content.",
    ),
    BodyState.ABSENT: Gap(
        Verdict.COVERAGE_GAP,
        Severity.MEDIUM,
        "Content missing from the log",
        "A record holds no prompt or no completion, and nothing in it says why.",
    ),
}


def gaps(record: InvocationRecord, context: Context) -> Iterator[Observation]:
    """A finding per reason, account, Region and caller for bodies nobody could see; a failed call leaves no gap."""
    unseen = {(body.state, body.reason) for body in (record.input, record.output) if body.state in GAPS}
    for state, reason in sorted(unseen):
        yield observed(_unseen(state, reason, record, context=context), record, context)
    if any(body.shape == FALLBACK and body.unknown_strings for body in (record.input, record.output)):
        yield _unknown_shape(record, context)


def unreadable(item: Unreadable, context: Context) -> Iterator[Observation]:
    """A finding per object and reason, with an occurrence for each stretch that could not be read."""
    source = item.source
    finding = stamped(
        context,
        id=coverage_id(reason=item.reason, where=source.object),
        verdict=Verdict.COULD_NOT_EVALUATE,
        clause=CLAUSE,
        severity=Severity.MEDIUM,
        title=f"Unreadable: {item.reason}",
        explanation=(item.detail,),
        evidence=Evidence(object=source.object, line=source.line, request_id=""),
        first_seen=context.undated,
        last_seen=context.undated,
        **_NOBODY,
    )
    identity = item.identity or f"{source.object}:{source.line}"
    yield occurring(finding, context, identity=identity, at=context.undated)


def _unseen(state: BodyState, reason: str, record: InvocationRecord, *, context: Context) -> Finding:
    gap = GAPS[state]
    told = f" ({reason})" if reason else ""
    where = (record.account, record.region, record.principal.arn)
    return finding_about(
        record,
        context,
        id=coverage_id(reason=f"{state}:{reason}" if reason else state, where="\x1f".join(where)),
        verdict=gap.verdict,
        clause=CLAUSE,
        severity=gap.severity,
        title=f"{gap.title}{told}",
        explanation=(gap.explanation,),
    )


def _unknown_shape(record: InvocationRecord, context: Context) -> Observation:
    """A family nobody taught us yet: its strings were scanned, but who said what was guessed.

    A new member of a family we know is no finding: it is read beside the rest, and the coverage counts it. Counts per
    model are there too, so one occurrence per model and day is enough.
    """
    at = context.time_of(record)
    day = at.date().isoformat()
    finding = stamped(
        context,
        id=coverage_id(reason=UNKNOWN_SHAPE, where=record.model.id),
        verdict=Verdict.COVERAGE_GAP,
        clause=CLAUSE,
        severity=Severity.INFO,
        title="A body of a shape nobody taught us",
        explanation=("Every text in it was audited, but which part is prompt and which is answer was guessed.",),
        evidence=evidence_in(record),
        model_id=record.model.id,
        first_seen=at,
        last_seen=at,
        **_NOBODY,
    )
    return occurring(finding, context, identity=f"{record.model.id}|{day}", at=at)


_NOBODY: dict[str, Any] = {
    "account": "",
    "region": "",
    "principal": "",
    "attribution": Attribution.VERIFIED,
    "detector": "engine",
    "score": 1.0,
}
