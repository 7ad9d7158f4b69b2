"""Watches on schedule over what no log record tells: reviews that did not come, and logs that stopped coming."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext

from alert_needs import WatchSettings
from audit_metrics import count
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.invocations import invoked
from bedrock_audit.pipeline import note_overdue, unreviewed
from observability import logger, observed
from settings import settings_of
from wiring import engine, stores

DELIVERED_WITHIN = timedelta(minutes=30)
"""Calls of the last minutes are not in the log bucket yet; that is no silence."""


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """`{"watch": "silence"}` or `{"watch": "reviews", "days": 2}` from the schedule."""
    needs, now = settings_of(WatchSettings), datetime.now(UTC)
    if event["watch"] == "silence":
        _silence(needs, now)
    else:
        _reviews(needs, now, look_back=timedelta(days=event["days"]))


def _silence(needs: WatchSettings, now: datetime) -> None:
    """Whether Bedrock was called in the hours that may be silent, and nothing of them was audited."""
    since = now - timedelta(hours=needs.silent_hours)
    calls = invoked(boto3.client("cloudwatch", config=PATIENT), since=since, until=now - DELIVERED_WITHIN)
    audited = any(row.coverage.records for row in stores(needs).ledger.rows(since=since))
    count(BedrockInvocations=calls, SilentHours=int(calls > 0 and not audited))
    logger().info("Bedrock's own count was compared", calls=calls, audited=audited)


def _reviews(needs: WatchSettings, now: datetime, *, look_back: timedelta) -> None:
    """The policy is loaded only if a finding is to be made: it takes seconds, and there is mostly nothing to do."""
    if any(unreviewed(stores(needs), now=now, look_back=look_back)):
        note_overdue(engine(needs), look_back=look_back)
