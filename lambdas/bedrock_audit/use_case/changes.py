"""What approving, suspending or declaring anew makes of a stored use case; every change says who, when and why."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.record import Value
from bedrock_audit.use_case.checks import wrong_end
from bedrock_audit.use_case.registry import Registry
from bedrock_audit.use_case.scope import collide
from bedrock_audit.use_case.terms import Approval, Terms, UseCase, UseCaseStatus, is_same_person

MOST_APPROVALS = 20
APPROVAL = ("status", "approver", "approved_at", "expires_at")
SUBSTANCE = tuple(name for name in Terms.__struct_fields__ if name not in APPROVAL)


class Signature(Value, frozen=True):
    """Who makes a change, when, and why."""

    by: str
    at: datetime
    reason: str


def declared_anew(stored: UseCase, declared: UseCase, signed: Signature) -> UseCase:
    """The stored use case as the file wants it; the very same value if that changes nothing.

    An approval given with `approve` outlives a file that says nothing of approval, but not a change of what was
    approved. Of two approvals the later one counts. A suspension ends only by a later approval.
    """
    substance = {name: getattr(declared, name) for name in SUBSTANCE}
    is_changed = any(getattr(stored, name) != value for name, value in substance.items())
    wanted = msgspec.structs.replace(stored, **substance)
    if declared.status is UseCaseStatus.SUSPENDED:
        wanted = _stopped(wanted, signed)
    elif declared.status is UseCaseStatus.APPROVED:
        if _counts(declared, stored, is_changed=is_changed):
            wanted = _approved(wanted, declared, signed)
    elif stored.status is UseCaseStatus.APPROVED and is_changed:
        wanted = _withdrawn(wanted, signed)
    elif stored.status is UseCaseStatus.DRAFT:
        wanted = msgspec.structs.replace(wanted, expires_at=declared.expires_at)
    return stored if wanted == stored else _signed(wanted, signed)


def registered(declared: UseCase, signed: Signature) -> UseCase:
    """A use case that was not there before."""
    stopped_at = signed.at if declared.status is UseCaseStatus.SUSPENDED else None
    return _signed(msgspec.structs.replace(declared, suspended_at=stopped_at, version=0), signed)


def approved(
    stored: UseCase, signed: Signature, *, registry: Registry | None = None, expires_at: date | None = None
) -> UseCase:
    """The use case approved by whoever signs, from today; raises BedrockAuditError if it cannot be approved.

    Without `expires_at` it ends when the use case says, if that is still to come.
    """
    today = signed.at.date()
    end = expires_at or (stored.expires_at if stored.expires_at and stored.expires_at >= today else None)
    if is_same_person(signed.by, stored.owner):
        raise BedrockAuditError(f"{stored.id}: {signed.by} owns it, and nobody approves their own; use --as")
    if stored.missing:
        raise BedrockAuditError(
            f"{stored.id}: it has no {' and no '.join(stored.missing)}; add that and apply it first"
        )
    if end is None:
        raise BedrockAuditError(f"{stored.id}: until when? give --expires, such as {_in_a_year(today)}")
    if end < today:
        raise BedrockAuditError(f"{stored.id}: {end} is over already")
    if message := wrong_end(today, end):
        raise BedrockAuditError(f"{stored.id}: {message}")
    fresh = msgspec.structs.replace(
        stored, status=UseCaseStatus.APPROVED, approver=signed.by, approved_at=today, expires_at=end
    )
    wanted = _approved(stored, fresh, signed)
    _refuse_collision(wanted, registry or Registry())
    return _signed(wanted, signed)


def suspended(stored: UseCase, signed: Signature) -> UseCase:
    """The use case stopped from now on; the same value if it is already."""
    return stored if stored.status is UseCaseStatus.SUSPENDED else _signed(_stopped(stored, signed), signed)


def changed_keys(before: UseCase, after: UseCase) -> tuple[str, ...]:
    """The keys of the file format in which two versions differ."""
    return tuple(name for name in Terms.__struct_fields__ if getattr(before, name) != getattr(after, name))


def _counts(declared: UseCase, stored: UseCase, *, is_changed: bool) -> bool:
    """Whether the file's approval takes the place of what is stored; a change was reviewed with the file it is in."""
    if declared.approved_at is None:
        return False
    if stored.status is UseCaseStatus.SUSPENDED:
        return stored.suspended_at is None or declared.approved_at > stored.suspended_at.date()
    return is_changed or stored.approval is None or declared.approved_at >= stored.approval.approved_at


def _approved(stored: UseCase, declared: UseCase, signed: Signature) -> UseCase:
    taken = {name: getattr(declared, name) for name in APPROVAL}
    is_same = all(getattr(stored, name) == value for name, value in taken.items())
    earlier = stored.earlier_approvals if is_same else _remembered(stored, signed)
    return msgspec.structs.replace(stored, **taken, earlier_approvals=earlier, suspended_at=None)


def _withdrawn(stored: UseCase, signed: Signature) -> UseCase:
    return msgspec.structs.replace(
        stored,
        status=UseCaseStatus.DRAFT,
        approver="",
        approved_at=None,
        expires_at=None,
        earlier_approvals=_remembered(stored, signed),
    )


def _remembered(stored: UseCase, signed: Signature) -> tuple[Approval, ...]:
    """The approvals up to now, for judging calls of their time; the latest one ends here."""
    if stored.approval is None:
        return stored.earlier_approvals
    ended = msgspec.structs.replace(stored.approval, ended_at=stored.approval.ended_at or signed.at)
    return (*stored.earlier_approvals, ended)[-MOST_APPROVALS:]


def _stopped(stored: UseCase, signed: Signature) -> UseCase:
    if stored.status is UseCaseStatus.SUSPENDED:
        return stored
    return msgspec.structs.replace(stored, status=UseCaseStatus.SUSPENDED, suspended_at=signed.at)


def _signed(use_case: UseCase, signed: Signature) -> UseCase:
    return msgspec.structs.replace(
        use_case,
        version=use_case.version + 1,
        changed_by=signed.by,
        changed_at=signed.at,
        change_reason=signed.reason,
    )


def _refuse_collision(wanted: UseCase, registry: Registry) -> None:
    for known in registry.use_cases:
        if known.id != wanted.id and collide(wanted, known):
            raise BedrockAuditError(
                f"{wanted.id}: the same calls could belong to {known.id}; make one of them more specific"
            )


def _in_a_year(today: date) -> date:
    return date(today.year + 1, today.month, min(today.day, 28))
