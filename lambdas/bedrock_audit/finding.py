"""What an audit establishes: findings, their occurrences, recorded usage, and the ids that make them one."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b

from bedrock_audit.record import Value


class Verdict(StrEnum):
    """What is the matter."""

    VIOLATION = "violation"
    UNAPPROVED_USE = "unapproved-use"
    LAPSED_APPROVAL = "lapsed-approval"
    SAFEGUARD_MISSING = "safeguard-missing"
    COULD_NOT_EVALUATE = "could-not-evaluate"
    COVERAGE_GAP = "coverage-gap"
    LOGGING_TAMPERED = "logging-tampered"


class Severity(StrEnum):
    """How bad; ordered by `rank`."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical."""
        return _RANKS[self]

    def moved(self, steps: int) -> Severity:
        """The severity `steps` above (or, negative, below), within the scale."""
        scale = list(Severity)
        return scale[min(max(self.rank + steps, 0), len(scale) - 1)]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Disposition(StrEnum):
    """What the model did about it."""

    COMPLIED = "complied"
    REFUSED = "refused"
    BLOCKED = "blocked-by-guardrail"
    UNKNOWN = "unknown"


class Attribution(StrEnum):
    """How sure we are of who did it: an IAM fact, or the caller's own word."""

    VERIFIED = "verified"
    DECLARED = "declared"


class Status(StrEnum):
    """Where a finding stands in its life."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    FALSE_POSITIVE = "false-positive"
    ACCEPTED = "accepted"


class Origin(StrEnum):
    """How a finding came about; a backfill never pages."""

    LIVE = "live"
    BACKFILL = "backfill"


class Span(Value, frozen=True):
    """Where evidence stands: characters `start` to `end` of the string at `location` (RFC 6901 into the record)."""

    location: str
    start: int
    end: int


class Evidence(Value, frozen=True):
    """A pointer to what was seen, and a redacted, bounded excerpt where the clause allows one."""

    object: str
    line: int
    request_id: str
    location: str = ""
    spans: tuple[Span, ...] = ()
    excerpt: str | None = None
    text_hash: str = ""


class Change(Value, frozen=True):
    """One step in a finding's life: who, when, why; `seen_until` is the latest occurrence that was known then."""

    at: datetime
    actor: str
    status: Status
    reason: str
    seen_until: datetime | None = None


class Finding(Value, frozen=True):
    """One matter to attend to; `occurrences` is counted by the store, the rest by the route.

    `explanation` holds sentences for people (which conditions held, or which safeguard is missing and what shows it);
    they never quote content. `version` is the optimistic lock of the store. `use_case` is the id of the use case that
    was meant or nearly matched.
    """

    id: str
    verdict: Verdict
    clause: str
    severity: Severity
    account: str
    region: str
    principal: str
    attribution: Attribution
    first_seen: datetime
    last_seen: datetime
    evidence: Evidence
    policy_version: str
    engine_version: str
    detector: str
    score: float
    disposition: Disposition = Disposition.UNKNOWN
    domain: str | None = None
    use_case: str | None = None
    model_id: str = ""
    end_user: str = ""
    title: str = ""
    explanation: tuple[str, ...] = ()
    language: str = ""
    seen_in_history: bool = False
    shadow: bool = False
    suppressed_by: str | None = None
    origin: Origin = Origin.LIVE
    status: Status = Status.OPEN
    occurrences: int = 0
    version: int = 0
    history: tuple[Change, ...] = ()


class Occurrence(Value, frozen=True):
    """One invocation in which a finding's matter came up; `id` is the same however often it is delivered."""

    id: str
    finding_id: str
    identity: str
    request_id: str
    at: datetime
    object: str
    line: int
    model_id: str = ""
    session: str = ""
    end_user: str = ""
    disposition: Disposition = Disposition.UNKNOWN
    suppressed_by: str | None = None


class Usage(Value, frozen=True):
    """One permitted consequential use: what the registry allowed, recorded as evidence.

    `review_due` is when a person must have looked at it, None where the use case asks for no review.
    """

    id: str
    use_case: str
    domain: str
    account: str
    principal: str
    identity: str
    request_id: str
    at: datetime
    object: str
    line: int
    end_user: str = ""
    region: str = ""
    model_id: str = ""
    review_due: datetime | None = None

    @property
    def day(self) -> str:
        """The day it counts for: an ISO date in UTC."""
        return self.at.astimezone(UTC).date().isoformat()


def derived_id(prefix: str, *facts: str) -> str:
    """A short stable id, `prefix` plus 80 bits over the facts; the same facts give the same id everywhere."""
    digest = blake2b("\x1f".join(facts).encode("utf-8", "backslashreplace"), digest_size=10)
    return f"{prefix}-{digest.hexdigest()}"


def violation_id(*, clause: str, account: str, principal: str, exchange_key: str) -> str:
    """One per clause, caller and asking turn."""
    return derived_id("v", clause, account, principal, exchange_key)


def use_id(
    *, verdict: Verdict, domain: str, account: str, principal: str, use_case: str | None, safeguard: str = ""
) -> str:
    """One per kind of trouble, domain, caller and use case (and safeguard that is missing): a use, not a call."""
    facts = (verdict, domain, account, principal, use_case or "")
    return derived_id("u", *facts, safeguard) if safeguard else derived_id("u", *facts)


def usage_id(*, use_case: str, domain: str, identity: str) -> str:
    """One per use case, domain and record."""
    return derived_id("g", use_case, domain, identity)


def coverage_id(*, reason: str, where: str) -> str:
    """One per thing that could not be seen and the place where."""
    return derived_id("c", reason, where)


def occurrence_id(*, finding_id: str, identity: str) -> str:
    """One per finding and record."""
    return derived_id("o", finding_id, identity)


class Observation(Value, frozen=True):
    """What the route hands to the store: a finding and its occurrence, None if only sent-along history shows it."""

    finding: Finding
    occurrence: Occurrence | None
