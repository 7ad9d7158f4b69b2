"""Sends what is said on schedule: to each channel what waited for it, and the summary of a day; each of them once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Protocol

from bedrock_audit.alerts.digest import Digest, repeats
from bedrock_audit.alerts.dispatch import AlertLog, Channel
from bedrock_audit.alerts.waiting import Waiting

LONGEST_LOOK_BACK = timedelta(days=3)
"""What a channel did not take for longer is left out: it is in the store, and no news any more."""


class DigestLog(Protocol):
    """What waits for digests, and how far each channel has heard."""

    def waiting(self, since: datetime, until: datetime, /) -> Iterator[Waiting]:
        """What was held in the hours from `since` (included) to `until` (not); a finding comes once per hour."""

    def told_until(self, channel: str, /) -> datetime | None:
        """The end of the last digest that the channel has taken or did not need; None before the first."""

    def note_told(self, channel: str, /, *, until: datetime) -> None:
        """Note the end of a digest."""


def send_repeats(channels: Sequence[Channel], *, log: DigestLog, until: datetime, reach: str = "") -> None:
    """Tell each channel what waited for it since it was last told, up to `until`, a full hour.

    A channel that refuses hears of the same time again in the next round; the others are told all the same.
    """
    with ExitStack() as all_tried:  # runs every step even if one raises, and then raises
        for channel in reversed(channels):
            all_tried.callback(_tell_waiting, channel, log=log, until=until, reach=reach)


def send_once(
    channels: Sequence[Channel], matter: str, made: Callable[[], Digest], *, log: AlertLog, now: datetime
) -> None:
    """Tell of a matter each channel that was not told yet; what is told is made only if there is one."""
    keys = {f"{matter}#{channel.name}": channel for channel in channels}
    said = log.counts(keys)
    untold = [key for key in keys if not said.get(key)]
    if not untold:
        return
    digest = made()
    with ExitStack() as all_tried:
        for key in reversed(untold):
            all_tried.callback(_tell_noting, keys[key], digest, key=key, log=log, now=now)


def _tell_waiting(channel: Channel, *, log: DigestLog, until: datetime, reach: str) -> None:
    told, earliest = log.told_until(channel.name), until - LONGEST_LOOK_BACK
    since = max(told or earliest, earliest)
    if since >= until:
        return
    meant = (one for one in log.waiting(since, until) if channel.name in one.channels)
    digest = repeats(meant, since=since if told else None, until=until, reach=reach)
    if digest:
        log.note_told(channel.name, until=since)  # raises while nothing can be noted, before anybody is told
        channel.tell(digest)
    log.note_told(channel.name, until=until)


def _tell_noting(channel: Channel, digest: Digest, *, key: str, log: AlertLog, now: datetime) -> None:
    log.intend(key, counters=(), at=now)
    channel.tell(digest)
    log.note(key, counters=(), at=now)
