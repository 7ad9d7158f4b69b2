"""In-memory channels and an alert log that tests can break."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from msgspec.structs import replace


class RefusedError(Exception):
    """The channel did not take it."""


class FakeChannel:
    def __init__(self, name="mail", *, refuses=0):
        self.name = name
        self.refuses = refuses
        self.pages = []
        self.digests = []

    def page(self, alert, /):
        self._take(self.pages, alert)

    def tell(self, digest, /):
        self._take(self.digests, digest)

    def _take(self, taken, message):
        if self.refuses:
            self.refuses -= 1
            raise RefusedError(self.name)
        taken.append(message)


class FakeAlertLog:
    """What was said, what waits by hour and finding, and how far each channel has heard."""

    def __init__(self):
        self.noted = set()
        self.counters = Counter()
        self.held = {}
        self.told = {}
        self.is_broken = False

    def counts(self, keys, /):
        return {key: 1 if key in self.noted else self.counters[key] for key in keys}

    def intend(self, key, /, *, counters, at):
        self._check()

    def note(self, key, /, *, counters, at):
        self._check()
        if key not in self.noted:
            self.noted.add(key)
            self.counters.update(counters)

    def hold(self, waiting, /, *, at):
        hour = at.replace(minute=0, second=0, microsecond=0)
        before = self.held.get((hour, waiting.finding), waiting)
        self.held[hour, waiting.finding] = replace(
            waiting,
            before=before.before,
            channels=tuple(sorted({*before.channels, *waiting.channels})),
            is_news=before.is_news or waiting.is_news,
            is_storm=before.is_storm or waiting.is_storm,
        )

    def waiting(self, since, until, /):
        while since < until:
            yield from (one for (hour, _), one in self.held.items() if hour == since)
            since += timedelta(hours=1)

    def told_until(self, channel, /):
        return self.told.get(channel)

    def note_told(self, channel, /, *, until):
        self._check()
        self.told[channel] = until

    def _check(self):
        if self.is_broken:
            raise RefusedError("the log")
