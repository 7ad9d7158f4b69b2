"""Times as people give them on the command line: ISO 8601 dates or times, UTC unless they say otherwise."""

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


TIME = _Time()
