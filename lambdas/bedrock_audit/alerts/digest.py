"""Sums up what was not told one by one: repeats, quiet findings and storms, as counts and never as content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.plain import one_line
from bedrock_audit.alerts.waiting import Group, Quiet, Waiting
from bedrock_audit.finding import Severity
from bedrock_audit.record import Value

MOST_GROUPS = 15
NO_REASON_TO_WRITE = frozenset({Quiet.SUPPRESSED, Quiet.ON_TRIAL})
"""What somebody has agreed to keep silent, or is trying out, is counted beside the rest but never writes by itself."""


class Kind(StrEnum):
    """What a digest is."""

    REPEATS = "digest"
    STORM = "storm"
    DAILY = "daily"
    ALARM = "alarm"


class Digest(Value, frozen=True):
    """A title and lines, ready for every channel. A storm has the severity of the alert that made it one."""

    kind: Kind
    title: str
    lines: tuple[str, ...]
    severity: Severity | None = None


class Share(Value, frozen=True):
    """What a group adds up to: findings that were news, findings that only came up again, occurrences."""

    news: int = 0
    again: int = 0
    occurrences: int = 0
    held: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(
            news=self.news + other.news,
            again=self.again + other.again,
            occurrences=self.occurrences + other.occurrences,
            held=self.held + other.held,
        )


def repeats(waiting: Iterable[Waiting], *, since: datetime | None, until: datetime, reach: str = "") -> Digest | None:
    """The digest of what waited between the two times (or up to the second); None when there is no reason to write.

    Remembers the id of each finding and a count for each group, nothing else of what it is given.
    """
    shares: dict[Group, Share] = {}
    seen: set[str] = set()
    for one in waiting:
        shares[one.group] = shares.get(one.group, Share()) + _share(one, is_first=one.finding not in seen)
        seen.add(one.finding)
    if all(group.quiet in NO_REASON_TO_WRITE for group in shares):
        return None
    whole = sum(shares.values(), Share())
    lines = [*_lines(shares), ""]
    if whole.held:
        lines.append(f"Held back because the hour had too many alerts: {whole.held:,}.")
    lines.append(f"See them: bedrock-audit findings list --status open{reach}")
    worst = min(group for group in shares if group.quiet not in NO_REASON_TO_WRITE).severity
    told = f"{whole.news:,} new, {whole.again:,} again, worst {worst}"
    return Digest(kind=Kind.REPEATS, title=f"Bedrock audit digest, {_period(since, until)}: {told}", lines=tuple(lines))


def storm(latest: Alert, *, told: Mapping[Severity, int], cap: int) -> Digest:
    """What is said once in an hour that has more alerts than people read; `told` are the alerts of the hour so far."""
    counts = ", ".join(f"{told[level]} {level}" for level in reversed(Severity) if told.get(level))
    severity = latest.finding.severity
    lines = (
        f"Told one by one in this hour: {counts}. Further {severity} or milder ones are counted in the next digest.",
        f"The latest: {latest.subject}",
        "Nothing is lost: every finding is stored. More severe ones still alert.",
        f"See them now: bedrock-audit findings list --status open{latest.reach}",
    )
    title = f"Alert storm: more than {cap} alerts of severity {severity} or worse in this hour"
    return Digest(kind=Kind.STORM, title=title, lines=lines, severity=severity)


def text(digest: Digest) -> str:
    """The digest as plain text."""
    return "\n".join([one_line(digest.title), "", *map(one_line, digest.lines)]) + "\n"


def _share(one: Waiting, *, is_first: bool) -> Share:
    """A finding that waited in several hours is one finding."""
    return Share(
        news=int(is_first and one.is_news),
        again=int(is_first and not one.is_news),
        occurrences=one.after - one.before,
        held=int(one.is_storm),
    )


def _lines(shares: Mapping[Group, Share]) -> list[str]:
    ordered = sorted(shares, key=lambda group: (bool(group.quiet), group.rank, -shares[group].occurrences, group))
    lines = [f"[{group.severity}] {_named(group)}: {_counted(shares[group])}" for group in ordered[:MOST_GROUPS]]
    left = ordered[MOST_GROUPS:]
    if left:
        lines.append(f"and {len(left):,} more groups: {_counted(sum((shares[group] for group in left), Share()))}")
    return lines


def _named(group: Group) -> str:
    """Ends with why the group never alerts, if it never does."""
    where = f" ({group.account})" if group.account else ""
    return f"{group.verdict}: {group.about} by {group.who}{where}" + (f", {group.quiet}" if group.quiet else "")


def _counted(share: Share) -> str:
    found = [f"{share.news:,} new" * bool(share.news), f"{share.again:,} again" * bool(share.again)]
    times = "1 occurrence" if share.occurrences == 1 else f"{share.occurrences:,} occurrences"
    return ", ".join([*filter(None, found), times])


def _period(since: datetime | None, until: datetime) -> str:
    if since is None:
        return f"up to {until:%Y-%m-%d %H:%M} UTC"
    end = f"{until:%H:%M}" if until.date() == since.date() else f"{until:%Y-%m-%d %H:%M}"
    return f"{since:%Y-%m-%d %H:%M} to {end} UTC"
