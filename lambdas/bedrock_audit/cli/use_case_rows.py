"""Use cases, plans and usage as rows for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from bedrock_audit.cli.output import Column
from bedrock_audit.finding import Usage
from bedrock_audit.finding_json import iso
from bedrock_audit.ports import Reviews, UsageCount
from bedrock_audit.use_case import Registry, UseCase
from bedrock_audit.use_case.due import review_due
from bedrock_audit.use_case.plan import Step
from bedrock_audit.use_case.standing import approval_at, standing

Row = dict[str, Any]

PLAN_COLUMNS = (
    Column("action", "action"),
    Column("id", "use case"),
    Column("keys", "changes"),
    Column("note", "note"),
)
USE_CASE_COLUMNS = (
    Column("id", "use case"),
    Column("standing", "standing"),
    Column("domains", "domains"),
    Column("owner", "owner", width=20),
    Column("expires_at", "expires"),
    Column("days_left", "days", right=True),
    Column("review_due", "review due", detail=True),
    *(
        Column(name, name, detail=True)
        for name in ("purpose", "status", "approver", "approved_at", "version", "faults")
    ),
)
DUE_COLUMNS = tuple(
    msgspec.structs.replace(column, detail=column.key == "domains")
    if column.key in ("domains", "review_due")
    else column
    for column in USE_CASE_COLUMNS
)
"""With the day of the use case's own review: what is listed for that alone would else show nothing that is due."""
VERSION_COLUMNS = (
    Column("version", "version", right=True, whole=True),
    Column("status", "status", whole=True),
    Column("changed_by", "by", width=24),
    Column("changed_at", "when", whole=True),
    Column("change_reason", "why"),
)
USAGE_COLUMNS = (
    Column("day", "day"),
    Column("use_case", "use case"),
    Column("domain", "domain"),
    Column("uses", "uses", right=True),
    Column("end_users", "end users", right=True),
    Column("reviewed", "reviewed", right=True),
)
USE_COLUMNS = (
    Column("at", "when", whole=True),
    Column("request_id", "request", whole=True),
    Column("who", "who", width=24),
    *(Column(name, name, detail=True) for name in ("approval", "reviewed")),
    *(Column(name, name, detail=True) for name in ("domain", "principal", "account", "region", "model_id")),
    *(Column(name, name, detail=True) for name in ("end_user", "attribution", "review_due", "object", "line")),
)


def plan_rows(steps: Sequence[Step]) -> list[Row]:
    """A row per step of a plan."""
    return [
        {
            "action": step.action,
            "id": step.use_case.id,
            "version": step.use_case.version,
            "keys": step.keys,
            "note": step.note,
        }
        for step in steps
    ]


def use_case_row(use_case: UseCase, *, at: datetime) -> Row:
    """How a use case stands at that time; `days_left` is negative once the approval has expired."""
    stands = standing(use_case, at=at, moment="today")
    left = (use_case.expires_at - at.date()).days if use_case.approval and use_case.expires_at else None
    due = review_due(use_case)
    return {
        **msgspec.to_builtins(use_case),
        "changed_at": iso(use_case.changed_at) if use_case.changed_at else None,
        "suspended_at": iso(use_case.suspended_at) if use_case.suspended_at else None,
        "standing": stands.footing,
        "faults": stands.faults,
        "days_left": left,
        "review_due": due.isoformat() if due else None,
    }


def version_row(use_case: UseCase) -> Row:
    """Who made this version, when, and why."""
    return {
        "version": use_case.version,
        "status": use_case.status,
        "changed_by": use_case.changed_by,
        "changed_at": iso(use_case.changed_at) if use_case.changed_at else None,
        "change_reason": use_case.change_reason,
    }


def usage_row(count: UsageCount, registry: Registry, *, reviews: Reviews) -> Row:
    """Uses of a day, and how many of the use case's (in all domains) a person reviewed, where reviews are asked for."""
    row = {**msgspec.to_builtins(count), "reviewed": None, "review_rate": None}
    use_case = registry.get(count.use_case)
    if use_case is None or use_case.review is None:
        return row
    begin = datetime.combine(date.fromisoformat(count.day), time.min, tzinfo=UTC)
    rate = reviews.rate(count.use_case, since=begin, until=begin + timedelta(days=1))
    return {**row, "reviewed": f"{rate.reviewed} of {rate.uses}", "review_rate": rate.share}


def use_row(usage: Usage, registry: Registry, *, reviews: Reviews) -> Row:
    """One permitted use: what it was, and what permitted it; `approval` is empty if that is not known here."""
    use_case = registry.get(usage.use_case)
    approval = approval_at(use_case, at=usage.at) if use_case else None
    return {
        **msgspec.to_builtins(usage),
        "at": iso(usage.at),
        "review_due": iso(usage.review_due) if usage.review_due else None,
        "who": usage.principal.rpartition(":")[2],
        "attribution": use_case.who.attribution if use_case else None,
        "approval": f"{approval.approved_at} to {approval.expires_at} by {approval.approver}" if approval else "",
        "reviewed": bool(usage.request_id) and bool(reviews.of(usage.request_id)),
    }
