"""Times and periods as people give them on the command line: ISO 8601, UTC unless they say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

EARLIEST_YEAR = 1970
"""What is asked for around a time, such as the day before it, must be a time too."""


class _Time(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        time = _moment(value)
        if time is None:
            self.fail(f"{value!r} is no time; write 2026-11-23 or 2026-11-23T08:00:00Z", param, ctx)
        return time


def _moment(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return time if time.year >= EARLIEST_YEAR else None


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Refuse a period that nothing can fall into: finding nothing in it would read as an answer."""
    if since and until and until <= since:
        raise click.UsageError("--until, which is not included, must be later than --since")


TIME = _Time()
