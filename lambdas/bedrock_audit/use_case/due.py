"""Which use cases will soon want a decision: an approval that ends, a review of their own that falls due."""

from __future__ import annotations

from datetime import date, timedelta

from bedrock_audit.use_case.registry import Registry
from bedrock_audit.use_case.terms import UseCase, UseCaseStatus


def falling_due(registry: Registry, *, by: date) -> list[UseCase]:
    """Approved use cases whose approval ends or whose review is due by that day or was before, earliest first."""
    due = [one for one in registry.use_cases if _is_approved(one) and first_due(one) <= by]
    return sorted(due, key=lambda one: (first_due(one), one.id))


def first_due(one: UseCase) -> date:
    """The day on which its approval ends or its review is due, whichever comes first; `date.max` for neither."""
    return min((day for day in (one.expires_at, review_due(one)) if day), default=date.max)


def review_due(one: UseCase) -> date | None:
    """When the use case itself is to be looked at again; None if it asks for no review."""
    if one.review_interval is None or one.approved_at is None:
        return None
    return one.approved_at + timedelta(days=one.review_interval)


def _is_approved(one: UseCase) -> bool:
    return one.approval is not None and one.status is UseCaseStatus.APPROVED
