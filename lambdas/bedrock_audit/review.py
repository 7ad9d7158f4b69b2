"""Human oversight as evidence: a person's review of one permitted consequential use, and how many were reviewed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import derived_id
from bedrock_audit.record import Value

EARLIEST = datetime(2023, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=5)
"""How far an application's clock may be ahead of ours."""


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


def told(data: bytes, *, now: datetime) -> Review:
    """The review that an application tells of, as JSON with the fields of `Review`.

    Raises BedrockAuditError, which says what is wrong without quoting what was sent.
    """
    try:
        review = msgspec.json.decode(data, type=Review)
    except msgspec.DecodeError as error:
        raise BedrockAuditError(f"this is no review: {_in_words(error)}") from error
    if not review.request_id.strip() or not review.reviewer.strip():
        raise BedrockAuditError("this is no review: it does not say of which request, or by whom")
    if review.at.tzinfo is None:
        raise BedrockAuditError("this is no review: its time must say its zone, as in 2026-11-23T08:00:00Z")
    if not EARLIEST <= review.at <= now + CLOCK_SKEW:
        raise BedrockAuditError("this is no review: its time lies in the future, or before there was Bedrock")
    return msgspec.structs.replace(review, request_id=review.request_id.strip(), reviewer=review.reviewer.strip())


def _in_words(error: msgspec.DecodeError) -> str:
    outcomes = ", ".join(ReviewOutcome)
    is_outcome = str(error).endswith("`$.outcome`")
    return f"its outcome must be one of {outcomes}" if is_outcome else str(error)
