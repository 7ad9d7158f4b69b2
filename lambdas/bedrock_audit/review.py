"""Human oversight as evidence: a person's review of one permitted consequential use, and how many were reviewed."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import derived_id
from bedrock_audit.record import Value


class ReviewOutcome(StrEnum):
    """What the person made of the model's answer."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


class Review(Value, frozen=True):
    """A person looked at what the model said in one request; it may be recorded before the request is audited.

    `note` is the reviewer's own word and is never sent anywhere.
    """

    request_id: str
    reviewer: str
    outcome: ReviewOutcome
    at: datetime
    note: str = ""

    @property
    def id(self) -> str:
        """The same review recorded twice is one review."""
        return derived_id("r", self.request_id, self.reviewer, self.at.astimezone(UTC).isoformat())


class ReviewRate(Value, frozen=True):
    """Of the permitted uses of one use case in a period, how many a person has reviewed."""

    use_case: str
    uses: int
    reviewed: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when there was nothing to review."""
        return self.reviewed / self.uses if self.uses else None


def told(data: bytes) -> Review:
    """The review that an application tells of, as JSON with the fields of `Review`; raises BedrockAuditError."""
    try:
        review = msgspec.json.decode(data, type=Review)
    except msgspec.DecodeError as error:
        raise BedrockAuditError(f"this is no review: {error}") from error
    if not review.request_id or not review.reviewer:
        raise BedrockAuditError("this is no review: it does not say of which request, or by whom")
    if review.at.tzinfo is None:
        raise BedrockAuditError("this is no review: its time must say its zone, as in 2026-11-23T08:00:00Z")
    return review
