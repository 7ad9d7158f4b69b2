"""Observations as the route hands them over, each saying only what a test is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bedrock_audit.finding import Evidence, Observation, Usage, derived_id
from tests.builders import ACCOUNT, NOON, ROLE_ARN, a_finding, an_occurrence


def minutes(count: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=count)


def seen(
    request: str = "req-1", *, at: datetime = NOON, matter: str = "a", suppressed_by: str | None = None, **finding: Any
) -> Observation:
    """The matter came up in a request of its own."""
    found = a_finding(
        **{
            "id": derived_id("v", matter),
            "first_seen": at,
            "last_seen": at,
            "evidence": Evidence(object="day.json.gz", line=1, request_id=request),
            "suppressed_by": suppressed_by,
            **finding,
        }
    )
    return Observation(
        finding=found, occurrence=an_occurrence(found, request_id=request, at=at, suppressed_by=suppressed_by)
    )


def seen_in_history(request: str = "req-9", *, at: datetime = NOON, matter: str = "a", **finding: Any) -> Observation:
    """The matter stands in the history that a request sent along."""
    whole = seen(request, at=at, matter=matter, seen_in_history=True, **finding)
    return Observation(finding=whole.finding, occurrence=None)


def used(request: str = "req-1", *, at: datetime = NOON, use_case: str = "triage", **more: Any) -> Usage:
    """A permitted use."""
    plain: dict[str, Any] = {
        "id": derived_id("p", use_case, request),
        "use_case": use_case,
        "domain": "medical-advice",
        "account": ACCOUNT,
        "principal": ROLE_ARN,
        "identity": request,
        "request_id": request,
        "at": at,
        "object": "day.json.gz",
        "line": 1,
    }
    return Usage(**{**plain, **more})
