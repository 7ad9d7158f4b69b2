"""Safeguards that no single record can show: the daily limit of a use case, and human reviews that did not come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from bedrock_audit.context import Context
from bedrock_audit.decide.wording import caller_name
from bedrock_audit.finding import (
    Attribution,
    Evidence,
    Finding,
    Observation,
    Severity,
    Usage,
    Verdict,
    use_id,
)
from bedrock_audit.observing import occurring, stamped
from bedrock_audit.record import Value
from bedrock_audit.use_case import Safeguard, UseCase

CLAUSE = "consequential-decision"
SEVERITY = Severity.MEDIUM
LAST_SECOND = time(23, 59, 59)
"""A day that went beyond the limit counts from its end, so that it comes after whatever was resolved on that day."""


class UsedOn(Value, frozen=True, order=True):
    """That a use case was used on a day: an ISO date in UTC."""

    use_case: str
    day: str


def beyond_limit(days: Iterable[UsedOn], *, context: Context) -> Iterator[Observation]:
    """A finding per use case, with one occurrence per day on which more uses were recorded than it allows.

    `days` are those on which an audit has recorded uses; to be asked when it has stored them. Of several audits at once
    the one whose uses are stored last then counts those of all, so none goes beyond the limit unseen.
    """
    for used in days:
        use_case = context.registry.get(used.use_case)
        limit = use_case.safeguards.max_daily_decisions if use_case else None
        if use_case and limit is not None and context.uses_on(use_case.id, used.day) > limit:
            yield _too_many(use_case, day=used.day, limit=limit, context=context)


def _too_many(use_case: UseCase, *, day: str, limit: int, context: Context) -> Observation:
    """It says nothing of the caller or the record that went beyond: which one that was depends on the order of arrival.

    The uses beyond the limit are recorded as usage like the others.
    """
    at = datetime.combine(date.fromisoformat(day), LAST_SECOND, tzinfo=UTC)
    decisions = "1 decision" if limit == 1 else f"{limit:,} decisions"
    domain = use_case.domains[0] if len(use_case.domains) == 1 else None
    finding = _lacking(
        context,
        at=at,
        id=use_id(
            verdict=Verdict.SAFEGUARD_MISSING,
            domain="",
            account="",
            principal="",
            use_case=use_case.id,
            safeguard=Safeguard.DAILY_LIMIT,
        ),
        domain=domain,
        use_case=use_case.id,
        account="",
        region="",
        principal="",
        attribution=use_case.who.attribution,
        evidence=Evidence(object="", line=0, request_id=""),
        title=f"Safeguard missing ({Safeguard.DAILY_LIMIT}): more than {decisions} a day under {use_case.id}",
        explanation=(f"{use_case.id}: it allows {decisions} a day; more were recorded on the day of each occurrence.",),
    )
    return occurring(finding, context, identity=day, at=at)


def overdue(uses: Iterable[Usage], *, context: Context) -> Iterator[Observation]:
    """A finding per use case, domain and caller, with an occurrence for each use that nobody reviewed in time.

    `uses` are permitted uses whose `review_due` has passed without a review, as the store of reviews names them.
    """
    for usage in uses:
        at = usage.review_due or context.now
        yield occurring(_unreviewed(usage, at=at, context=context), context, identity=usage.identity, at=at)


def _unreviewed(usage: Usage, *, at: datetime, context: Context) -> Finding:
    use_case = context.registry.get(usage.use_case)
    return _lacking(
        context,
        at=at,
        id=use_id(
            verdict=Verdict.SAFEGUARD_MISSING,
            domain=usage.domain,
            account=usage.account,
            principal=usage.principal,
            use_case=usage.use_case,
            safeguard=Safeguard.HUMAN_REVIEW,
        ),
        domain=usage.domain,
        use_case=usage.use_case,
        account=usage.account,
        region=usage.region,
        principal=usage.principal,
        attribution=use_case.who.attribution if use_case else Attribution.VERIFIED,
        evidence=Evidence(object=usage.object, line=usage.line, request_id=usage.request_id),
        model_id=usage.model_id,
        end_user=usage.end_user,
        title=f"Safeguard missing ({Safeguard.HUMAN_REVIEW}): {usage.domain} by {caller_name(usage.principal)} "
        f"under {usage.use_case}",
        explanation=(f"{usage.use_case}: a person must review each decision, and no review came in time.",),
    )


def _lacking(context: Context, *, at: datetime, **matter: Any) -> Finding:
    return stamped(
        context,
        verdict=Verdict.SAFEGUARD_MISSING,
        clause=CLAUSE,
        severity=SEVERITY,
        first_seen=at,
        last_seen=at,
        detector="registry",
        score=1.0,
        **matter,
    )
