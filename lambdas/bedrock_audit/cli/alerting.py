"""Sends the alerts of a local audit to standard error, a file or a webhook, as a deployed stack would."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.digest import repeats
from bedrock_audit.alerts.dispatch import Channel, dispatch
from bedrock_audit.alerts.routing import Routes, routes
from bedrock_audit.alerts.waiting import Waiting
from bedrock_audit.channels.stream import StreamChannel
from bedrock_audit.channels.webhook import WebhookChannel, WebhookRefusedError
from bedrock_audit.cli.summary import Outcome
from bedrock_audit.errors import BedrockAuditError, ConfigurationError
from bedrock_audit.ports import Stored

CAUSES = {Stored.NEW: Cause.NEW, Stored.REOPENED: Cause.REOPENED, Stored.RAISED: Cause.RAISED}
Alerting = Callable[[Outcome], None]


class AlertsLostError(BedrockAuditError):
    """The audit is done and its findings are stored, but somebody was not told."""


class RunLog:
    """What this run has said, and what it left to its digest; the store tells news from repeats between runs."""

    def __init__(self) -> None:
        self.held: list[Waiting] = []
        self._counts: dict[str, int] = {}

    def counts(self, keys: Iterable[str], /) -> Mapping[str, int]:
        """How often each was noted in this run."""
        return {key: self._counts[key] for key in keys if key in self._counts}

    def intend(self, key: str, /, *, counters: Sequence[str], at: datetime) -> None:
        """A run remembers whatever it says."""

    def note(self, key: str, /, *, counters: Sequence[str], at: datetime) -> None:  # noqa: ARG002 - a run keeps no times
        """Count the message and its counters."""
        for counted in (key, *counters):
            self._counts[counted] = self._counts.get(counted, 0) + 1

    def hold(self, waiting: Waiting, /, *, at: datetime) -> None:  # noqa: ARG002
        """Keep it for the end of the run."""
        self.held.append(waiting)


@contextmanager
def alerting(target: str | None, *, routes_file: Path | None = None, reach: str = "") -> Iterator[Alerting]:
    """What tells of an audit's outcome: everything that is news, worst first, and at the end what was left to a digest.

    Target and routes are looked at before the audit begins, so that hours of work do not end in a typing error.
    """
    if target is None:
        yield lambda _outcome: None
        return
    rules = _for_one_channel(routes(routes_file)) if routes_file else Routes()
    with channel_at(target) as channel:
        yield lambda outcome: _tell(outcome, channel, rules, reach=reach)


@contextmanager
def channel_at(target: str) -> Iterator[Channel]:
    """The channel that a target names: `-` is standard error, an address a webhook, anything else a file."""
    if target == "-":
        yield StreamChannel(sys.stderr)
    elif "://" in target:
        yield WebhookChannel(target, source="the address of the webhook")
    else:
        with _opened(target) as channel:
            yield channel


def _tell(outcome: Outcome, channel: Channel, rules: Routes, *, reach: str) -> None:
    began, log = datetime.now(UTC), RunLog()
    try:
        for finding in outcome.findings:
            if cause := CAUSES.get(outcome.told[finding.id]):
                told = alert(finding, cause, added=finding.occurrences, reach=reach)
                dispatch(told, rules, channels=[channel], log=log, now=began)
        digest = repeats(log.held, since=began, until=datetime.now(UTC), reach=reach)
        if digest:
            channel.tell(digest)
    except WebhookRefusedError as error:
        raise AlertsLostError(f"{error}; the findings are stored, but not all alerts were delivered") from error


def _for_one_channel(rules: Routes) -> Routes:
    """A file written for a deployment names channels that are not here: whoever is to be told is told on this one."""
    return replace(rules, rules=tuple(replace(rule, channels=()) for rule in rules.rules))


@contextmanager
def _opened(target: str) -> Iterator[Channel]:
    try:
        file = Path(target).open("a", encoding="utf-8")  # noqa: SIM115 - closed below; only opening may fail as a setting
    except OSError as error:
        raise ConfigurationError(f"cannot be written: {error.strerror}", source=target) from error
    with file:
        yield StreamChannel(file)
