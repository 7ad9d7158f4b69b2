"""Reads the events by which applications tell of human reviews; docs/use-cases.md describes them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.record import Value
from bedrock_audit.review import Review, told

REVIEW_TYPE = "Bedrock Use Reviewed"
"""The `detail-type` that the rule listens to."""


class _Event(Value, frozen=True):
    """An event as EventBridge passes it on; whatever else is in it does not matter here."""

    detail: msgspec.Raw


def review_of(event: str, *, now: datetime) -> Review:
    """The review that an event tells of; raises BedrockAuditError, which quotes nothing, if it tells of none."""
    try:
        detail = msgspec.json.decode(event, type=_Event).detail
    except msgspec.DecodeError as error:
        raise BedrockAuditError("this is no event: it has no detail") from error
    return told(bytes(detail), now=now)
