"""Brings an alert to the channels it is meant for: each at most once, and in a storm not one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bedrock_audit.alerts.alert import Alert, Cause
from bedrock_audit.alerts.digest import Digest, storm
from bedrock_audit.alerts.routing import Routes, Urgency


class Channel(Protocol):
    """Somewhere people or programs hear of things; both methods raise when the message was not taken."""

    @property
    def name(self) -> str:
        """What a routes file calls it."""

    def page(self, alert: Alert, /) -> None:
        """Tell of one finding now."""

    def tell(self, digest: Digest, /) -> None:
        """Tell of many."""


class AlertLog(Protocol):
    """What has been said, kept where findings are kept."""

    def was_said(self, key: str, /) -> bool:
        """Whether a message with this key has been taken by its channel."""

    def said(self, key: str, /, *, hour: str, at: datetime) -> None:
        """Note that it has, and count it for the hour if it is new."""

    def pages_in(self, hour: str, /) -> int:
        """How many messages were noted for the hour."""


class Dispatched(StrEnum):
    """What became of an alert."""

    PAGED = "paged"
    SAID_BEFORE = "said-before"
    LEFT_TO_DIGEST = "left-to-digest"
    STORM = "storm"


def dispatch(alert: Alert, routes: Routes, *, channels: Sequence[Channel], log: AlertLog, now: datetime) -> Dispatched:
    """Page the alert's channels unless it is quiet, was said before, or the hour is full.

    A message is noted after its channel has taken it: a crash in between repeats it rather than losing it.
    """
    route = routes.route(alert.finding)
    if route.urgency is not Urgency.PAGE:
        return Dispatched.LEFT_TO_DIGEST
    key, hour = said_key(alert), f"{now:%Y-%m-%dT%H}"
    waiting = [channel for channel in _chosen(channels, route.channels) if not log.was_said(f"{key}#{channel.name}")]
    if not waiting:
        return Dispatched.SAID_BEFORE
    if log.pages_in(hour) >= routes.cap_per_hour:
        return _storm(alert, routes, channels=channels, log=log, now=now)
    for channel in waiting:
        channel.page(alert)
        log.said(f"{key}#{channel.name}", hour=hour, at=now)
    return Dispatched.PAGED


def said_key(alert: Alert) -> str:
    """The same for the same news: a finding is new once, reopened once per reopening, raised once per severity."""
    finding = alert.finding
    turns = {
        Cause.NEW: "",
        Cause.REOPENED: str(len(finding.history)),
        Cause.RAISED: finding.severity.value,
    }
    return f"{finding.id}#{alert.cause}#{turns[alert.cause]}"


def _storm(alert: Alert, routes: Routes, *, channels: Sequence[Channel], log: AlertLog, now: datetime) -> Dispatched:
    """Say once per hour and channel that it storms; what is held back stays in the store for the digest."""
    hour = f"{now:%Y-%m-%dT%H}"
    for channel in channels:
        key = f"storm#{hour}#{channel.name}"
        if not log.was_said(key):
            channel.tell(storm(alert.finding, cap=routes.cap_per_hour))
            log.said(key, hour=hour, at=now)
    return Dispatched.STORM


def _chosen(channels: Iterable[Channel], names: Sequence[str]) -> list[Channel]:
    return [channel for channel in channels if not names or channel.name in names]
