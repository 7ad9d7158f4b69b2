"""A prohibition that a match shows to be broken, as a finding of that caller and that asking turn."""

from __future__ import annotations

from bedrock_audit.context import Context
from bedrock_audit.decide.sighting import Sighting
from bedrock_audit.exchanges import Exchange
from bedrock_audit.finding import Disposition, Observation, Verdict, violation_id
from bedrock_audit.observing import finding_about, observed, remembered
from bedrock_audit.record import InvocationRecord

SEVERITY_STEPS = {Disposition.COMPLIED: 1, Disposition.REFUSED: -1, Disposition.BLOCKED: -1, Disposition.UNKNOWN: 0}


def violation(record: InvocationRecord, exchange: Exchange, sighting: Sighting, *, context: Context) -> Observation:
    """The violation; what the model did about it moves the clause's own severity one step."""
    best = sighting.best
    finding = finding_about(
        record,
        context,
        id=violation_id(
            clause=best.clause,
            account=record.account,
            principal=record.principal.arn,
            exchange_key=_key(exchange, sighting),
        ),
        verdict=Verdict.VIOLATION,
        domain=best.domain,
        severity=sighting.severity.moved(SEVERITY_STEPS[best.disposition]),
        title=best.title or best.clause,
        explanation=sighting.explanation,
        **sighting.shown_in(record),
    )
    return observed(finding, record, context) if exchange.is_new else remembered(finding, record, context)


def _key(exchange: Exchange, sighting: Sighting) -> str:
    """That of the place where the matter stands; the main span says where."""
    spans = sighting.best.spans
    return exchange.key_at(spans[0].location, spans[0].start) if spans else exchange.key
