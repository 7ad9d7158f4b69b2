"""Turns records of the findings table's stream into alerts; knows images of items, not what is done with an alert."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedrock_audit.alerts.alert import Alert, Cause, alert
from bedrock_audit.alerts.routing import is_quiet
from bedrock_audit.aws.items import FINDING, finding_from
from bedrock_audit.finding import Finding
from bedrock_audit.recording import Stored, outcome

CAUSES = {Stored.NEW: Cause.NEW, Stored.REOPENED: Cause.REOPENED, Stored.RAISED: Cause.RAISED}


def news(record: Mapping[str, Any]) -> Alert | None:
    """The alert that a stream record (NEW_AND_OLD_IMAGES) asks for; None for repeats, deletions and other items."""
    images = record["dynamodb"]
    new, old = images.get("NewImage"), images.get("OldImage")
    if not new or new["kind"]["S"] != FINDING:
        return None
    after = finding_from(new)
    cause = _cause(finding_from(old) if old else None, after)
    return alert(after, cause) if cause else None


def _cause(before: Finding | None, after: Finding) -> Cause | None:
    """What was kept quiet (read again, on trial, suppressed) and no longer is, is as new as what was never seen."""
    if before is not None and is_quiet(before) and not is_quiet(after):
        return Cause.NEW
    return CAUSES.get(outcome(before, after))
