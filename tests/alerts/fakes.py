"""In-memory channels and an alert log that tests can break."""

from __future__ import annotations

from collections import Counter


class RefusedError(Exception):
    """The channel did not take it."""


class FakeChannel:
    def __init__(self, name="mail", *, refuses=0):
        self.name = name
        self.refuses = refuses
        self.pages = []
        self.digests = []

    def page(self, alert, /):
        if self.refuses:
            self.refuses -= 1
            raise RefusedError
        self.pages.append(alert)

    def tell(self, digest, /):
        self.digests.append(digest)


class FakeAlertLog:
    def __init__(self):
        self.keys = set()
        self.hours = Counter()

    def was_said(self, key, /):
        return key in self.keys

    def said(self, key, /, *, hour, at):
        if key not in self.keys:
            self.keys.add(key)
            self.hours[hour] += 1

    def pages_in(self, hour, /):
        return self.hours[hour]
