"""Sums up stored findings on schedule and says them once, and measures whether the audit hears what Bedrock does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3

from alert_desk import channels, deployed_routes, dynamodb
from bedrock_audit.alerts.digest import Digest, daily, repeats
from bedrock_audit.aws.alert_log import DynamoAlertLog
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.aws.invocations import invoked
from bedrock_audit.aws.subscriptions import subscriptions
from bedrock_audit.aws.tables import TableNames
from bedrock_audit.coverage import total
from bedrock_audit.ports import FindingQuery
from needs import DigestSettings
from observability import metrics

SOON = timedelta(days=30)
MOST_FINDINGS = 20_000
"""A digest counts no more than these; past that it says so by the number itself."""


class DigestDesk:
    """One scheduled run; every message has a key of its period, so that a repeated run says nothing twice."""

    def __init__(self, needs: DigestSettings) -> None:
        self._needs = needs
        self._now = datetime.now(UTC)
        self._log = DynamoAlertLog(dynamodb(), table=needs.ledger_table, sleep=time.sleep)
        tables = TableNames(findings=needs.findings_table, use_cases=needs.use_cases_table, ledger=needs.ledger_table)
        self._stores = dynamodb_stores(dynamodb(), tables)

    def repeats(self) -> None:
        """What was active in the last whole period and did not page by itself."""
        minutes = deployed_routes(self._needs).digest_minutes
        until = _whole(self._now, minutes)
        since = until - timedelta(minutes=minutes)
        active = self._stores.findings.query(FindingQuery(since=since, until=until, limit=MOST_FINDINGS))
        digest = repeats(active, since=since, until=until)
        if digest:
            self._say(digest, key=f"digest#{since.isoformat()}")

    def daily(self) -> None:
        """Yesterday's coverage, what is open today, which approvals end soon, and who has not confirmed."""
        until = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
        day = until - timedelta(days=1)
        seen = total(self._stores.ledger.rows(since=day, until=until))
        findings = self._stores.findings.query(FindingQuery(limit=MOST_FINDINGS))
        digest = daily(findings, seen, remarks=[*self._expiring(), *self._unconfirmed()], day=f"{day:%Y-%m-%d}")
        self._say(digest, key=f"daily#{day:%Y-%m-%d}")

    def heartbeat(self) -> None:
        """How many invocations Bedrock counted, and how many were audited, in the hours that may be silent."""
        since = self._now - timedelta(hours=self._needs.silent_hours)
        called = invoked(boto3.client("cloudwatch", config=PATIENT), since=since, until=self._now)
        audited = total(self._stores.ledger.rows(since=since, until=self._now)).records
        for name, value in (("BedrockInvocations", called), ("SilentHours", int(called > 0 and audited == 0))):
            metrics().add_metric(name=name, unit="Count", value=value)

    def _expiring(self) -> Iterator[str]:
        today = self._now.date()
        for use_case in self._stores.use_cases.registry().use_cases:
            if use_case.expires_at and today <= use_case.expires_at <= today + SOON:
                yield f"Approval ends soon: {use_case.id} on {use_case.expires_at.isoformat()}"

    def _unconfirmed(self) -> Iterator[str]:
        found = subscriptions(boto3.client("sns", config=PATIENT), topic=self._needs.alert_topic)
        waiting = [one for one in found if not one.is_confirmed]
        metrics().add_metric(name="UnconfirmedSubscriptions", unit="Count", value=len(waiting))
        metrics().add_metric(name="ConfirmedSubscriptions", unit="Count", value=len(found) - len(waiting))
        for one in waiting:
            yield f"Nobody has confirmed the {one.protocol} subscription {one.endpoint}"

    def _say(self, digest: Digest, *, key: str) -> None:
        for channel in channels(self._needs):
            if not self._log.was_said(f"{key}#{channel.name}"):
                channel.tell(digest)
                self._log.said(f"{key}#{channel.name}", hour=key, at=self._now)


def _whole(time: datetime, minutes: int) -> datetime:
    """The end of the last whole period of this many minutes since midnight UTC."""
    midnight = time.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (time - midnight) // timedelta(minutes=minutes) * timedelta(minutes=minutes)
