"""Brings an alert to the channels it is meant for: each at most once, one of a group, and in a storm not one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bedrock_audit.alerts.alert import Alert, Cause
from bedrock_audit.alerts.digest import Digest, storm
from bedrock_audit.alerts.routing import Routes, Urgency
from bedrock_audit.alerts.waiting import Waiting, group, waiting
from bedrock_audit.finding import Severity
from bedrock_audit.record import Value


class Channel(Protocol):
    """Somewhere people or programs hear of things; both methods raise when the message was not taken."""

    @property
    def name(self) -> str:
        """What a routes file calls it; no two channels of a deployment have the same."""

    def page(self, alert: Alert, /) -> None:
        """Tell of one finding now."""

    def tell(self, digest: Digest, /) -> None:
        """Tell of many."""


class AlertLog(Protocol):
    """What has been said and what waits to be, kept where findings are kept."""

    def counts(self, keys: Iterable[str], /) -> Mapping[str, int]:
        """How often each key was noted or counted; those that never were may be missing."""

    def intend(self, key: str, /, *, counters: Sequence[str], at: datetime) -> None:
        """Write that a message is about to be sent; raises if noting it would, before anybody is told."""

    def note(self, key: str, /, *, counters: Sequence[str], at: datetime) -> None:
        """Note that a message was taken, and count it under each counter; the second time nothing happens."""

    def hold(self, waiting: Waiting, /, *, at: datetime) -> None:
        """Keep something for the digest of the hour; a finding is kept once, with all that was said of it."""


class Dispatched(StrEnum):
    """What became of an alert, the most urgent if channels differ."""

    PAGED = "paged"
    STORM = "storm"
    LEFT_TO_DIGEST = "left-to-digest"
    SAID_BEFORE = "said-before"
    NOT_WANTED = "not-wanted"


def dispatch(told: Alert, routes: Routes, *, channels: Sequence[Channel], log: AlertLog, now: datetime) -> Dispatched:
    """Page the alert's channels, or leave it to the digest: when it is quiet, one of a group, or one too many.

    A message is noted after its channel has taken it: a crash in between repeats it rather than losing it. It is not
    sent at all while the log cannot be written, or every retry would send it again. All channels are tried; if one does
    not take the message, its error is raised at the end.
    """
    route = routes.route(told.finding)
    meant = [channel for channel in channels if not route.channels or channel.name in route.channels]
    if route.urgency is Urgency.NOTHING or not meant:
        return Dispatched.NOT_WANTED
    if told.cause is Cause.REPEATED or route.urgency is Urgency.DIGEST:
        log.hold(waiting(told, [channel.name for channel in meant]), at=now)
        return Dispatched.LEFT_TO_DIGEST
    return _paged(told, routes, channels=meant, log=log, now=now)


class _Way(Value, frozen=True):
    """An alert on its way to one channel, and the keys under which the log knows of it.

    `hour` counts what the channel was told in this hour by severity, `group` what of this group in this period.
    """

    told: Alert
    channel: Channel
    said: str
    group: str
    storm: str
    hour: dict[Severity, str]

    @property
    def keys(self) -> Iterable[str]:
        """All of them."""
        return (self.said, self.group, self.storm, *self.hour.values())

    def standing(self, counts: Mapping[str, int], *, cap: int) -> Dispatched:
        """What is to become of it; milder alerts never hold back a more severe one."""
        if counts.get(self.said):
            return Dispatched.SAID_BEFORE
        if counts.get(self.group):
            return Dispatched.LEFT_TO_DIGEST
        severity = self.told.finding.severity
        as_bad = sum(counts.get(key, 0) for level, key in self.hour.items() if level.rank >= severity.rank)
        return Dispatched.PAGED if as_bad < cap else Dispatched.STORM


def _paged(told: Alert, routes: Routes, *, channels: Sequence[Channel], log: AlertLog, now: datetime) -> Dispatched:
    ways = [_way(told, channel, routes, now=now) for channel in channels]
    counts = log.counts(key for way in ways for key in way.keys)
    standings = [(way, way.standing(counts, cap=routes.cap_per_hour)) for way in ways]
    _hold(told, standings, log=log, now=now)
    with ExitStack() as all_tried:  # runs every step even if one raises, and then raises
        for way, standing in reversed(standings):
            if standing is Dispatched.PAGED:
                all_tried.callback(_page, way, log, now)
            elif standing is Dispatched.STORM and not counts.get(way.storm):
                said = {level: counts.get(key, 0) for level, key in way.hour.items()}
                all_tried.callback(_warn, way, storm(told, told=said, cap=routes.cap_per_hour), log=log, now=now)
    became = {standing for _, standing in standings}
    return min(became, key=list(Dispatched).index, default=Dispatched.NOT_WANTED)


def _way(told: Alert, channel: Channel, routes: Routes, *, now: datetime) -> _Way:
    hour, period = f"{now:%Y-%m-%dT%H}", f"{routes.period_of(now):%Y-%m-%dT%H}"
    return _Way(
        told=told,
        channel=channel,
        said=f"said#{told.identity}#{channel.name}",
        group=f"group#{period}#{told.cause}#{group(told.finding).identity}#{channel.name}",
        storm=f"storm#{hour}#{channel.name}",
        hour={level: f"hour#{hour}#{level}#{channel.name}" for level in Severity},
    )


def _hold(told: Alert, standings: Iterable[tuple[_Way, Dispatched]], *, log: AlertLog, now: datetime) -> None:
    for becomes in (Dispatched.LEFT_TO_DIGEST, Dispatched.STORM):
        names = [way.channel.name for way, standing in standings if standing is becomes]
        if names:
            log.hold(waiting(told, names, is_storm=becomes is Dispatched.STORM), at=now)


def _page(way: _Way, log: AlertLog, now: datetime) -> None:
    counters = (way.group, way.hour[way.told.finding.severity])
    log.intend(way.said, counters=counters, at=now)
    way.channel.page(way.told)
    log.note(way.said, counters=counters, at=now)


def _warn(way: _Way, warning: Digest, *, log: AlertLog, now: datetime) -> None:
    log.intend(way.storm, counters=(), at=now)
    way.channel.tell(warning)
    log.note(way.storm, counters=(), at=now)
