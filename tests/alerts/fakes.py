"""In-memory channels and an alert log that tests can break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.alerts.waiting import Waiting


class RefusedError(Exception):
    """The channel did not take it."""


class FakeChannel:
    def __init__(self, name: str = "mail", *, refuses: int = 0) -> None:
        self.name = name
        self.refuses = refuses
        self.pages: list[Alert] = []
        self.digests: list[Digest] = []

    def page(self, alert: Alert, /) -> None:
        self._take(self.pages, alert)

    def tell(self, digest: Digest, /) -> None:
        self._take(self.digests, digest)

    def _take(self, taken: list[Any], message: Alert | Digest) -> None:
        if self.refuses:
            self.refuses -= 1
            raise RefusedError(self.name)
        taken.append(message)


class FakeAlertLog:
    """What was said, what waits by hour and finding, and how far each channel has heard."""

    def __init__(self) -> None:
        self.noted: set[str] = set()
        self.counters: Counter[str] = Counter()
        self.held: dict[tuple[datetime, str], Waiting] = {}
        self.told: dict[str, datetime] = {}
        self.is_broken = False

    def counts(self, keys: Iterable[str], /) -> Mapping[str, int]:
        return {key: 1 if key in self.noted else self.counters[key] for key in keys}

    def intend(self, _key: str, /, *, counters: Sequence[str], at: datetime) -> None:
        self._check()

    def note(self, key: str, /, *, counters: Sequence[str], at: datetime) -> None:
        self._check()
        if key not in self.noted:
            self.noted.add(key)
            self.counters.update(counters)

    def hold(self, waiting: Waiting, /, *, at: datetime) -> None:
        hour = at.replace(minute=0, second=0, microsecond=0)
        before = self.held.get((hour, waiting.finding), waiting)
        self.held[hour, waiting.finding] = replace(
            waiting,
            before=before.before,
            channels=tuple(sorted({*before.channels, *waiting.channels})),
            is_news=before.is_news or waiting.is_news,
            is_storm=before.is_storm or waiting.is_storm,
        )

    def waiting(self, since: datetime, until: datetime, /) -> Iterator[Waiting]:
        while since < until:
            yield from (one for (hour, _), one in self.held.items() if hour == since)
            since += timedelta(hours=1)

    def told_until(self, channel: str, /) -> datetime | None:
        return self.told.get(channel)

    def note_told(self, channel: str, /, *, until: datetime) -> None:
        self._check()
        self.told[channel] = until

    def _check(self) -> None:
        if self.is_broken:
            raise RefusedError("the log")
