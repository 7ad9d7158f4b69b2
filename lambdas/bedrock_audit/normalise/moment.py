"""Turns a logged time into a moment in UTC; knows ISO 8601 as it is met, fractions and offsets included."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(logged: Any) -> datetime | None:
    """The time, UTC where no offset is given; None for what is no time (a published sample says day 99).

    A time in no plausible year is none either: sums with it would overflow wherever it is used.
    """
    if type(logged) is not str:
        return None
    try:
        time = datetime.fromisoformat(logged)
        if not 2000 <= time.year < 2200:
            return None
        if time.tzinfo is UTC:
            return time
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
