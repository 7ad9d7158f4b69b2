"""Turns records of the findings table's stream into alerts; knows images of items, not what is done with an alert."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bedrock_audit.alerts.alert import Alert, Cause, alert
from bedrock_audit.alerts.waiting import quiet
from bedrock_audit.aws.items import FINDING, LIFE, finding_from
from bedrock_audit.finding import Finding, Status
from bedrock_audit.recording import Stored, outcome

CAUSES = {
    Stored.NEW: Cause.NEW,
    Stored.REOPENED: Cause.REOPENED,
    Stored.RAISED: Cause.RAISED,
    Stored.COUNTED: Cause.REPEATED,
}
UNSETTLED = frozenset({Status.OPEN, Status.ACKNOWLEDGED})


def alert_of(record: Mapping[str, Any], *, reach: str = "") -> Alert | None:
    """The alert that a stream record (NEW_AND_OLD_IMAGES) asks for.

    None where nobody is to be told: other items, deletions, what people did to a finding, and what came up again of a
    finding that people have settled.
    """
    images = record["dynamodb"]
    new, old = images.get("NewImage"), images.get("OldImage")
    if not new or new["kind"]["S"] != FINDING or new["changed"]["S"] == LIFE:
        return None
    before, after = finding_from(old) if old else None, finding_from(new)
    cause = _cause(before, after)
    if cause is None:
        return None
    return alert(after, cause, added=after.occurrences - (before.occurrences if before else 0), reach=reach)


def _cause(before: Finding | None, after: Finding) -> Cause | None:
    """What may alert and might not before (read again, on trial, suppressed) is as new as what was never seen."""
    if before is not None and quiet(before) and not quiet(after):
        return Cause.NEW
    cause = CAUSES.get(outcome(before, after))
    if cause is Cause.REPEATED and after.status not in UNSETTLED:
        return None
    return None if cause is Cause.RAISED and after.status is Status.FALSE_POSITIVE else cause
