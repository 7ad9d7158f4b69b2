"""The effects the route needs, as small protocols: log objects in, findings, usage and coverage out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Finding, Observation, Occurrence, Severity, Status, Usage, Verdict
from bedrock_audit.lifecycle import Suppression, Transition
from bedrock_audit.record import Value
from bedrock_audit.recording import Stored as Stored  # noqa: PLC0414 - the port's word, wherever it is defined
from bedrock_audit.review import Review, ReviewRate
from bedrock_audit.use_case import Registry, UseCase


class LogObject(Value, frozen=True):
    """A log object before it is read: `name` is a path or `s3://` URI, `etag` changes with its content."""

    name: str
    etag: str
    size: int
    modified: datetime | None = None


class LogObjects(Protocol):
    """Where log objects are."""

    def listed(self, prefix: str, /) -> Iterator[LogObject]:
        """Every object at or below `prefix`, in a stable order."""

    def opened(self, name: str, /) -> AbstractContextManager[BinaryIO]:
        """The raw bytes of one object, as a stream that is never held whole."""


class FindingQuery(Value, frozen=True):
    """Which findings are wanted; None means any. `principal` and `use_case` may end in `*`.

    Times bound `last_seen`, `since` included, `until` not.
    """

    clause: str | None = None
    verdict: Verdict | None = None
    min_severity: Severity | None = None
    status: Status | None = None
    principal: str | None = None
    account: str | None = None
    use_case: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None

    def holds(self, finding: Finding) -> bool:
        """Whether the finding is wanted, `limit` aside."""
        return (
            self.clause in (None, finding.clause)
            and self.verdict in (None, finding.verdict)
            and self.status in (None, finding.status)
            and self.account in (None, finding.account)
            and (self.min_severity is None or finding.severity.rank >= self.min_severity.rank)
            and _is_like(self.principal, finding.principal)
            and _is_like(self.use_case, finding.use_case)
            and (self.since is None or finding.last_seen >= self.since)
            and (self.until is None or finding.last_seen < self.until)
        )


def _is_like(pattern: str | None, fact: str | None) -> bool:
    if pattern is None or fact is None:
        return pattern is None
    return fact.startswith(pattern[:-1]) if pattern.endswith("*") else fact == pattern


class Findings(Protocol):
    """Findings and their occurrences. Recording is idempotent and commutative: order and repetition change nothing."""

    def unit(self) -> AbstractContextManager[None]:
        """What is recorded inside is written together, in few large writes, at the latest when the block ends.

        Inside, everything recorded is already visible to this process. If the block raises, what was not yet written
        is dropped; what was is harmless, since recording it again changes nothing.
        """

    def record(self, observation: Observation, /) -> Stored:
        """Keep the finding and its occurrence unless they are known."""

    def get(self, finding_id: str, /) -> Finding | None:
        """The finding with its history."""

    def query(self, wanted: FindingQuery, /) -> Iterator[Finding]:
        """Matching findings, latest seen first, then by id downwards; the longest histories may be shortened here."""

    def occurrences(self, finding_id: str, /, *, limit: int | None = None) -> Iterator[Occurrence]:
        """Its occurrences, latest first."""

    def change(self, finding_id: str, transition: Transition, /, *, expected_version: int) -> Finding:
        """Make one step in its life; raises ConflictError if the version has moved on."""


class UseCases(Protocol):
    """The use-case registry, with every version kept."""

    def registry(self) -> Registry:
        """The current version of every use case by id, ready to be asked."""

    def versions(self, use_case_id: str, /) -> Sequence[UseCase]:
        """Every version, oldest first."""

    def save(self, *use_cases: UseCase, seen: Registry) -> None:
        """Add a version of each, all or none; raises ConflictError unless every `version` follows the stored one.

        So it does if anything in the registry has changed since it was `seen`: that two use cases do not collide was
        checked against what was seen.
        """


class Suppressions(Protocol):
    """Agreed silences."""

    def all(self) -> Sequence[Suppression]:
        """Every suppression by id, ended ones too."""

    def save(self, suppression: Suppression, /) -> None:
        """Add or replace by id; raises ConflictError unless its `version` follows the stored one."""


class UsageQuery(Value, frozen=True):
    """Which recorded usage is wanted; `day` bounds are inclusive ISO dates in UTC."""

    use_case: str | None = None
    since: str | None = None
    until: str | None = None

    def holds(self, usage: Usage) -> bool:
        """Whether the usage is wanted."""
        return (
            self.use_case in (None, usage.use_case)
            and (self.since is None or usage.day >= self.since)
            and (self.until is None or usage.day <= self.until)
        )


class UsageCount(Value, frozen=True):
    """Permitted uses of one use case on one day: calls, and distinct declared end users."""

    use_case: str
    domain: str
    day: str
    uses: int
    end_users: int


class Ledger(Protocol):
    """What was audited, and what was used with permission."""

    def row(self, key: str, /) -> LedgerRow | None:
        """The latest audit of this object."""

    def save(self, row: LedgerRow, /) -> None:
        """Replace the object's row."""

    def rows(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[LedgerRow]:
        """Rows that touch the period (see `LedgerRow.touches`), by the time of their first record."""

    def record_usage(self, usage: Usage, /) -> bool:
        """True if it was not recorded before."""

    def uses_on(self, use_case: str, day: str, /) -> int:
        """Permitted uses of one use case on one day (ISO date, UTC), whoever made them and whoever recorded them.

        What was recorded before this is asked is stored and counted, so that of several processes the one that asks
        last knows of all.
        """

    def uses(self, use_case: str, *, since: str | None = None, until: str | None = None) -> Iterator[Usage]:
        """Each permitted use of one use case, latest first; `since` and `until` are days, both included."""

    def usage(self, wanted: UsageQuery, /) -> Sequence[UsageCount]:
        """Counts by day, use case and domain, in this order."""


class Reviews(Protocol):
    """Human reviews of permitted uses, matched to them by request id whichever of the two comes first."""

    def record(self, review: Review, /) -> bool:
        """True if it was not recorded before."""

    def of(self, request_id: str, /) -> Sequence[Review]:
        """The reviews of one request, oldest first."""

    def rate(self, use_case: str, *, since: datetime, until: datetime) -> ReviewRate:
        """Uses of the period (`until` excluded), and how many of them were reviewed at any time."""

    def overdue(self, *, now: datetime, since: datetime, use_case: str | None = None) -> Iterator[Usage]:
        """Uses whose review was due from `since` on and before `now` and has not come, longest overdue first."""

    def missed(self, *, now: datetime, since: datetime) -> Iterator[Usage]:
        """The same, and those whose review came when it was overdue: whenever this is asked, they are the same."""


def _nothing() -> None:
    pass


class Stores(Value, frozen=True):
    """Everything the route writes to or asks, wired once per process; `with` closes it at the end."""

    findings: Findings
    use_cases: UseCases
    suppressions: Suppressions
    ledger: Ledger
    reviews: Reviews
    close: Callable[[], None] = _nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
