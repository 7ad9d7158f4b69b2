"""Sends the alerts of a local audit to standard error, a file or a webhook, as a deployed stack would."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.dispatch import Channel, dispatch
from bedrock_audit.alerts.routing import Routes, routes
from bedrock_audit.channels.stream import StreamChannel
from bedrock_audit.channels.webhook import WebhookChannel
from bedrock_audit.cli.summary import Outcome
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.ports import Stored

CAUSES = {Stored.NEW: Cause.NEW, Stored.REOPENED: Cause.REOPENED, Stored.RAISED: Cause.RAISED}


class RunLog:
    """What this run has said; the store tells news from repeats between runs."""

    def __init__(self) -> None:
        self._hours: dict[str, str] = {}

    def was_said(self, key: str, /) -> bool:
        """Whether this run has said it."""
        return key in self._hours

    def said(self, key: str, /, *, hour: str, at: datetime) -> None:  # noqa: ARG002 - a run keeps no times
        """Note it."""
        self._hours.setdefault(key, hour)

    def pages_in(self, hour: str, /) -> int:
        """How much was said in the hour."""
        return sum(known == hour for known in self._hours.values())


def send_alerts(outcome: Outcome, target: str, *, routes_file: Path | None = None) -> None:
    """Alert of everything that is news in the outcome, worst first.

    `target` is `-` for standard error, an http(s) address, or a file that is added to. A webhook that refuses raises:
    the findings are stored by then, and only the message is lost.
    """
    rules = routes(routes_file) if routes_file else Routes()
    log = RunLog()
    with channel_at(target) as channel:
        for finding in outcome.findings:
            if cause := CAUSES.get(outcome.told[finding.id]):
                dispatch(alert(finding, cause), rules, channels=[channel], log=log, now=datetime.now(UTC))


@contextmanager
def channel_at(target: str) -> Iterator[Channel]:
    """The channel that a target names: `-` is standard error, an address a webhook, anything else a file."""
    if target == "-":
        yield StreamChannel(sys.stderr)
    elif "://" in target:
        yield WebhookChannel(target, source="--alert")
    else:
        try:
            with Path(target).open("a", encoding="utf-8") as file:
                yield StreamChannel(file)
        except OSError as error:
            raise ConfigurationError(f"cannot be written: {error.strerror}", source=target) from error
