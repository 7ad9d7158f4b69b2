"""What is not told one by one: a finding's share in the next digest, and the group it is counted in."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bedrock_audit.alerts.alert import Alert, Cause, caller
from bedrock_audit.finding import Finding, Origin, Severity, Verdict, derived_id
from bedrock_audit.record import Value


class Quiet(StrEnum):
    """Why a finding may never page, whatever a rule says."""

    SUPPRESSED = "suppressed"
    ON_TRIAL = "on trial"
    BACKFILL = "backfill"


class Group(Value, frozen=True, order=True):
    """What findings have in common that belong on one line; sorts worst first."""

    rank: int
    severity: Severity
    verdict: Verdict
    about: str
    who: str
    account: str
    quiet: Quiet | None = None

    @property
    def identity(self) -> str:
        """Short, whatever the names in it are."""
        return derived_id("group", self.severity, self.verdict, self.about, self.who, self.account)


class Waiting(Value, frozen=True):
    """A finding that the digests of some channels will count.

    `before` and `after` are its occurrences when it began to wait and now. `is_news`: it would have been an alert.
    `is_storm`: it was held back because there were too many.
    """

    finding: str
    group: Group
    channels: tuple[str, ...]
    before: int
    after: int
    is_news: bool
    is_storm: bool = False


def waiting(told: Alert, channels: Iterable[str], *, is_storm: bool = False) -> Waiting:
    """The alert as something that these channels will hear of in a digest."""
    finding = told.finding
    return Waiting(
        finding=finding.id,
        group=group(finding),
        channels=tuple(channels),
        before=finding.occurrences - told.added,
        after=finding.occurrences,
        is_news=told.cause is not Cause.REPEATED,
        is_storm=is_storm,
    )


def group(finding: Finding) -> Group:
    """The findings this one belongs with: as severe, about the same, by the same caller."""
    return Group(
        rank=-finding.severity.rank,
        severity=finding.severity,
        verdict=finding.verdict,
        about=finding.domain or finding.clause,
        who=caller(finding),
        account=finding.account,
        quiet=quiet(finding),
    )


def quiet(finding: Finding) -> Quiet | None:
    """Why the finding may not page, if it may not: an agreed silence, a clause on trial, history read again."""
    if finding.suppressed_by is not None:
        return Quiet.SUPPRESSED
    if finding.shadow:
        return Quiet.ON_TRIAL
    return Quiet.BACKFILL if finding.origin is Origin.BACKFILL else None
