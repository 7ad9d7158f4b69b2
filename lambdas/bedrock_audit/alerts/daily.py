"""The daily summary: what was audited and what not, what is open, what will soon want a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from bedrock_audit.alerts.digest import NO_REASON_TO_WRITE, Digest, Kind
from bedrock_audit.alerts.waiting import Quiet, quiet
from bedrock_audit.coverage import Coverage, total
from bedrock_audit.finding import Finding, Severity, Status
from bedrock_audit.ports import FindingQuery, Stores
from bedrock_audit.record import Value
from bedrock_audit.use_case import Registry
from bedrock_audit.use_case.due import falling_due, first_due

SOON = timedelta(days=30)
MOST_COUNTED = 100_000
"""Reading so many findings takes a function's few minutes."""
MOST_NAMED = 10
UNSETTLED = (Status.OPEN, Status.ACKNOWLEDGED)


class Open(Value, frozen=True):
    """Findings that nobody has settled, by severity; those that never alert are counted apart.

    `capped` is where counting a status ended, if it did.
    """

    by_severity: dict[Severity, int]
    quiet: dict[Quiet, int]
    fresh: int
    capped: int | None


def day_due(now: datetime, *, hour: int) -> date:
    """The day whose summary was due last, if each is due at this hour (UTC) of the day after."""
    return (now.astimezone(UTC) - timedelta(days=1, hours=hour)).date()


def daily(stores: Stores, *, day: date, remarks: Iterable[str], reach: str = "", most: int = MOST_COUNTED) -> Digest:
    """The summary of a day (UTC), with the findings and use cases as they stand now; `most` of a status are counted."""
    since = datetime.combine(day, time(), tzinfo=UTC)
    seen = total(stores.ledger.rows(since=since, until=since + timedelta(days=1)))
    lines = [
        *_coverage(seen),
        *_findings(_unsettled(stores, since=since, most=most)),
        *_due(stores.use_cases.registry(), by=day + SOON),
        *remarks,
        f"See more: bedrock-audit coverage --since {day.isoformat()}{reach}",
    ]
    return Digest(kind=Kind.DAILY, title=f"Bedrock audit, {day.isoformat()}", lines=tuple(lines))


def _coverage(seen: Coverage) -> Iterator[str]:
    yield f"Invocations: {seen.audited:,} of {seen.records:,} audited"
    if seen.unreadable or seen.unscanned:
        yield f"Not audited: {seen.unreadable:,} unreadable, {seen.unscanned:,} unscanned"
    if seen.gaps:
        ranked = sorted(seen.gaps.items(), key=lambda gap: (-gap[1], gap[0]))[:MOST_NAMED]
        yield "Reasons: " + ", ".join(f"{count:,} {reason}" for reason, count in ranked)
    if not seen.records:
        yield "No invocation was audited: this says nothing about whether there were any"


def _findings(found: Open) -> Iterator[str]:
    counts = [f"{found.by_severity[level]:,} {level}" for level in reversed(Severity) if level in found.by_severity]
    more = f" (no more than {found.capped:,} of a status are counted)" if found.capped else ""
    yield f"Open findings: {', '.join(counts) or 'none'}{more}"
    if found.fresh:
        yield f"First seen that day: {found.fresh:,}"
    if found.quiet:
        yield "Beside them: " + ", ".join(f"{count:,} {why}" for why, count in sorted(found.quiet.items()))


def _due(registry: Registry, *, by: date) -> Iterator[str]:
    due = falling_due(registry, by=by)
    for one in due[:MOST_NAMED]:
        yield f"Approval or review due: {one.id} on {first_due(one).isoformat()}"
    if due[MOST_NAMED:]:
        yield f"and {len(due) - MOST_NAMED} more: bedrock-audit use-case expire-soon"


def _unsettled(stores: Stores, *, since: datetime, most: int) -> Open:
    severities: Counter[Severity] = Counter()
    silent: Counter[Quiet] = Counter()
    read: Counter[Status] = Counter()
    fresh = 0
    for finding in _read(stores, most):
        read[finding.status] += 1
        why = quiet(finding)
        if why in NO_REASON_TO_WRITE:
            silent[why] += 1
            continue
        severities[finding.severity] += 1
        fresh += since <= finding.first_seen < since + timedelta(days=1)
    capped = most if any(count >= most for count in read.values()) else None
    return Open(by_severity=dict(severities), quiet=dict(silent), fresh=fresh, capped=capped)


def _read(stores: Stores, most: int) -> Iterator[Finding]:
    for status in UNSETTLED:
        yield from stores.findings.query(FindingQuery(status=status, limit=most))
