"""Whether a use case's approval held at a given time, and if not, what was the matter with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bedrock_audit.record import Value
from bedrock_audit.use_case.terms import Approval, UseCase, UseCaseStatus, is_same_person


class Footing(StrEnum):
    """On what footing a use stands."""

    IN_FORCE = "in force"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    INCOMPLETE = "incomplete"
    NOT_YET = "not yet approved"
    DRAFT = "draft"


class Standing(Value, frozen=True):
    """The footing at one time, with what is wrong as parts of sentences (`its approval expired on …`)."""

    footing: Footing
    faults: tuple[str, ...] = ()


def standing(use_case: UseCase, *, at: datetime, moment: str = "this call") -> Standing:
    """How the use case stood at that time, which `moment` says in words; earlier approvals count for their time."""
    missing = tuple(f"it has no {name}" for name in use_case.missing)
    if approval_at(use_case, at=at):
        return Standing(Footing.INCOMPLETE if missing else Footing.IN_FORCE, missing)
    footing, fault = _fault(use_case, _approvals(use_case), at=at, moment=moment)
    return Standing(footing, (fault, *missing))


def approval_at(use_case: UseCase, *, at: datetime) -> Approval | None:
    """The approval by which the use case permitted at that time, the latest if there were several."""
    return next((one for one in reversed(_approvals(use_case)) if one.covers(at)), None)


def _approvals(use_case: UseCase) -> list[Approval]:
    return [approval for approval in (*use_case.earlier_approvals, use_case.approval) if approval]


def _fault(use_case: UseCase, approvals: list[Approval], *, at: datetime, moment: str) -> tuple[Footing, str]:
    if not approvals:
        return _never_approved(use_case, at=at)
    begun = [approval for approval in approvals if approval.approved_at <= at.date()]
    if not begun:
        first = min(approval.approved_at for approval in approvals)
        return Footing.NOT_YET, f"it was approved only on {first}, {_days((first - at.date()).days)} after {moment}"
    latest = max(begun, key=lambda approval: approval.approved_at)
    if latest.ended_at and latest.ended_at <= at and at.date() <= latest.expires_at:
        if latest.was_suspended:
            return Footing.SUSPENDED, f"it was suspended on {latest.ended_at.date()}"
        return Footing.WITHDRAWN, f"its approval was withdrawn on {latest.ended_at.date()}, when it was changed"
    ago = _days((at.date() - latest.expires_at).days)
    return Footing.LAPSED, f"its approval expired on {latest.expires_at}, {ago} before {moment}"


def _never_approved(use_case: UseCase, *, at: datetime) -> tuple[Footing, str]:
    stopped = use_case.status is UseCaseStatus.SUSPENDED
    if stopped and (use_case.suspended_at is None or use_case.suspended_at <= at):
        return Footing.SUSPENDED, "it is suspended"
    if stopped or use_case.status is UseCaseStatus.DRAFT:
        return Footing.DRAFT, "it is a draft that nobody has approved"
    if is_same_person(use_case.approver, use_case.owner):
        return Footing.DRAFT, "its owner approved it, which nobody can do for their own"
    return Footing.DRAFT, "its approval does not say by whom, from when and until when"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
