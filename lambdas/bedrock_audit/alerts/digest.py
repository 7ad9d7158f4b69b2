"""Sums up findings that did not page one by one: repeats, quiet ones and storms, as counts and never as content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bedrock_audit.coverage import Coverage
from bedrock_audit.finding import Finding, Severity, Status
from bedrock_audit.finding_json import iso
from bedrock_audit.record import Value

MOST_GROUPS = 15


class Digest(Value, frozen=True):
    """A title and lines, ready for every channel."""

    title: str
    lines: tuple[str, ...]


class Group(Value, frozen=True, order=True):
    """What findings have in common that belong on one line; sorts worst first."""

    rank: int
    severity: Severity
    about: str
    who: str


def repeats(findings: Iterable[Finding], *, since: datetime, until: datetime) -> Digest | None:
    """What came up again or quietly between the two times, by kind and caller; None when nothing did."""
    active = [finding for finding in findings if since <= finding.last_seen < until]
    if not active:
        return None
    title = f"Bedrock audit digest: {len(active)} findings active, {iso(since)} to {iso(until)}"
    return Digest(title=title, lines=_grouped(active))


def storm(latest: Finding, *, cap: int) -> Digest:
    """What is said once in an hour that has more alerts than people can read."""
    lines = (
        f"The latest: {_grouped([latest])[0]}",
        "Nothing is lost: the rest of this hour is counted in the next digest, and stored.",
        "See it now: bedrock-audit findings list --status open",
    )
    return Digest(title=f"Alert storm: more than {cap} alerts this hour", lines=lines)


def daily(findings: Iterable[Finding], coverage: Coverage, *, remarks: Iterable[str], day: str) -> Digest:
    """The daily summary: open findings by severity, what was seen and not, and what else is to be remarked."""
    unsettled = [finding for finding in findings if finding.status in {Status.OPEN, Status.ACKNOWLEDGED}]
    counts = Counter(finding.severity for finding in unsettled)
    by_severity = ", ".join(f"{counts[level]} {level}" for level in reversed(Severity) if counts[level]) or "none"
    lines = [
        f"Open findings: {by_severity}",
        f"Invocations: {coverage.audited} of {coverage.records} audited",
        f"Not audited: {coverage.unreadable} unreadable, {coverage.unscanned} unscanned",
        *(f"Not seen: {reason} {count}" for reason, count in coverage.gaps.items()),
        *remarks,
    ]
    return Digest(title=f"Bedrock audit, {day}", lines=tuple(lines))


def text(digest: Digest) -> str:
    """The digest as plain text."""
    return "\n".join([digest.title, "", *digest.lines]) + "\n"


def _grouped(findings: list[Finding]) -> tuple[str, ...]:
    groups = Counter(_group(finding) for finding in findings)
    occurrences: Counter[Group] = Counter()
    for finding in findings:
        occurrences[_group(finding)] += finding.occurrences
    ordered = sorted(groups)
    lines = [
        f"[{group.severity}] {group.about} by {group.who}: {groups[group]} findings, {occurrences[group]} occurrences"
        for group in ordered[:MOST_GROUPS]
    ]
    left = ordered[MOST_GROUPS:]
    return (*lines, f"and {len(left)} more groups") if left else tuple(lines)


def _group(finding: Finding) -> Group:
    about = f"{finding.verdict}: {finding.domain or finding.clause}"
    who = "".join(char if char.isprintable() else "?" for char in finding.principal.rpartition(":")[2])
    return Group(-finding.severity.rank, finding.severity, about, who or "unknown caller")
