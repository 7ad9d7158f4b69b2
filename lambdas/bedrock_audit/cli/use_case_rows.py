"""Use cases, plans and usage as rows for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from bedrock_audit.cli.output import Column
from bedrock_audit.ports import Reviews, UsageCount
from bedrock_audit.use_case import Registry, UseCase
from bedrock_audit.use_case.due import review_due
from bedrock_audit.use_case.plan import Step
from bedrock_audit.use_case.standing import standing

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
VERSION_COLUMNS = (
    Column("version", "version", right=True),
    Column("status", "status"),
    Column("changed_by", "by"),
    Column("changed_at", "when"),
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
        "changed_at": use_case.changed_at.isoformat(timespec="seconds") if use_case.changed_at else None,
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
