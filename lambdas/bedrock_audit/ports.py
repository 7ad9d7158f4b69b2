"""The effects the route needs, as small protocols: log objects in, findings, usage and coverage out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Finding, Observation, Occurrence, Severity, Status, Usage, Verdict
from bedrock_audit.lifecycle import Suppression, Transition
from bedrock_audit.record import Value
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


class Stored(StrEnum):
    """What storing an observation changed."""

    NEW = "new"
    REOPENED = "reopened"
    RAISED = "raised"
    COUNTED = "counted"
    SEEN = "seen"


class FindingQuery(Value, frozen=True):
    """Which findings are wanted; None means any. `principal` and `use_case` may end in `*`. Times bound `last_seen`."""

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


class Findings(Protocol):
    """Findings and their occurrences. Recording is idempotent and commutative: order and repetition change nothing."""

    def unit(self) -> AbstractContextManager[None]:
        """What is recorded inside is kept together where the store can do that (one transaction per log object)."""

    def record(self, observation: Observation, /) -> Stored:
        """Keep the finding and its occurrence unless they are known."""

    def get(self, finding_id: str, /) -> Finding | None:
        """The finding with its history."""

    def query(self, wanted: FindingQuery, /) -> Iterator[Finding]:
        """Matching findings, latest seen first."""

    def occurrences(self, finding_id: str, /, *, limit: int | None = None) -> Iterator[Occurrence]:
        """Its occurrences, latest first."""

    def change(self, finding_id: str, transition: Transition, /, *, expected_version: int) -> Finding:
        """Make one step in its life; raises ConflictError if the version has moved on."""


class UseCases(Protocol):
    """The use-case registry, with every version kept."""

    def registry(self) -> Registry:
        """The current version of every use case, ready to be asked."""

    def versions(self, use_case_id: str, /) -> Sequence[UseCase]:
        """Every version, oldest first."""

    def save(self, use_case: UseCase, /) -> None:
        """Add a version; raises ConflictError unless `use_case.version` follows the stored one."""


class Suppressions(Protocol):
    """Agreed silences."""

    def all(self) -> Sequence[Suppression]:
        """Every suppression, ended ones too."""

    def save(self, suppression: Suppression, /) -> None:
        """Add or replace by id."""


class UsageQuery(Value, frozen=True):
    """Which recorded usage is wanted; `day` bounds are inclusive ISO dates in UTC."""

    use_case: str | None = None
    since: str | None = None
    until: str | None = None


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
        """Rows whose records (or, without any, whose audit) fall into the period."""

    def record_usage(self, usage: Usage, /) -> bool:
        """True if it was not recorded before."""

    def uses_on(self, use_case: str, day: str, /) -> int:
        """Permitted uses of one use case on one day (ISO date, UTC), whoever made them."""

    def usage(self, wanted: UsageQuery, /) -> Sequence[UsageCount]:
        """Counts per use case and day."""


class Stores(Value, frozen=True):
    """Everything the route writes to or asks, wired once per process."""

    findings: Findings
    use_cases: UseCases
    suppressions: Suppressions
    ledger: Ledger
