"""The life of a finding: which steps there are, and what silences one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Change, Finding, Status, Verdict
from bedrock_audit.record import Value

STEPS: dict[Status, frozenset[Status]] = {
    Status.OPEN: frozenset({Status.ACKNOWLEDGED, Status.RESOLVED, Status.FALSE_POSITIVE, Status.ACCEPTED}),
    Status.ACKNOWLEDGED: frozenset({Status.RESOLVED, Status.FALSE_POSITIVE, Status.ACCEPTED, Status.OPEN}),
    Status.RESOLVED: frozenset({Status.OPEN}),
    Status.FALSE_POSITIVE: frozenset({Status.OPEN}),
    Status.ACCEPTED: frozenset({Status.OPEN}),
}
REOPENED_BY_OCCURRENCE = frozenset({Status.RESOLVED})


class Transition(Value, frozen=True):
    """A step somebody wants to make: to which status, who, when, why."""

    to: Status
    actor: str
    at: datetime
    reason: str


class Suppression(Value, frozen=True):
    """An agreed silence for a clause and a principal or a use case, with a reason, an owner and an end.

    `principal` is an exact role or user ARN; None means any, but then `use_case` must be given. `domain` and `verdict`
    narrow it, so that what is silent about lending, or about a missing safeguard, is not so about all else. `ended_at`
    says that it was ended before it expired, by whom and why. It is for calls from `starts_at` on, None for
    `created_at`: what was done before it was agreed is silenced only if that was agreed too. `version` is the
    optimistic lock of the store.
    """

    id: str
    clause: str
    reason: str
    owner: str
    created_at: datetime
    expires_at: datetime
    principal: str | None = None
    use_case: str | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    end_reason: str = ""
    starts_at: datetime | None = None
    version: int = 1
    domain: str | None = None
    verdict: Verdict | None = None

    def is_in_force(self, at: datetime) -> bool:
        """Whether it holds for what happened at that time."""
        end = min(self.expires_at, self.ended_at or self.expires_at)
        return (self.starts_at or self.created_at) <= at < end


def moved(finding: Finding, transition: Transition) -> Finding:
    """The finding after the step; raises BedrockAuditError if its status does not allow it."""
    if transition.to not in STEPS[finding.status]:
        allowed = ", ".join(sorted(STEPS[finding.status]))
        raise BedrockAuditError(f"{finding.id} is {finding.status}; from there it can become: {allowed}")
    change = Change(
        at=transition.at,
        actor=transition.actor,
        status=transition.to,
        reason=transition.reason,
        seen_until=finding.last_seen,
    )
    return msgspec.structs.replace(
        finding, status=transition.to, history=(*finding.history, change), version=finding.version + 1
    )


def suppressing(finding: Finding, suppressions: Iterable[Suppression], at: datetime) -> Suppression | None:
    """The suppression in force for the finding at the time of its occurrence, the oldest if there are several."""
    in_force = [one for one in suppressions if one.is_in_force(at) and _is_meant(one, finding)]
    return min(in_force, key=lambda one: (one.created_at, one.id), default=None)


def _is_meant(suppression: Suppression, finding: Finding) -> bool:
    """Clause and everything else it names; one that names neither principal nor use case silences nothing."""
    whose = [(suppression.principal, finding.principal), (suppression.use_case, finding.use_case)]
    what = [(suppression.domain, finding.domain), (suppression.verdict, finding.verdict)]
    is_named = any(name is not None for name, _ in whose)
    fits = all(name in (None, fact) for name, fact in (*whose, *what))
    return suppression.clause == finding.clause and is_named and fits
