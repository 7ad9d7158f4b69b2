"""Times and periods as people give them on the command line: ISO 8601, UTC unless they say otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click


class _Time(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-11-23 or 2026-11-23T08:00:00Z", param, ctx)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def check_period(since: datetime | None, until: datetime | None) -> None:
    """Refuse a period that nothing can fall into: finding nothing in it would read as an answer."""
    if since and until and until <= since:
        raise click.UsageError("--until, which is not included, must be later than --since")


TIME = _Time()
