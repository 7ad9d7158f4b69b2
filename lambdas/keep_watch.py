"""Watches on schedule over what no log record tells: reviews that did not come, and logs that stopped coming."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext

from alert_needs import WatchSettings
from audit_metrics import count
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.invocations import heard
from bedrock_audit.pipeline import note_overdue, unreviewed
from observability import logger, observed
from settings import settings_of
from wiring import engine, stores


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """`{"watch": "silence", "at": time}` or `{"watch": "reviews", "days": 2, "at": time}` every hour.

    `RoundsDone` is what the schedule is watched by.
    """
    needs, now = settings_of(WatchSettings), datetime.fromisoformat(event["at"])
    if event["watch"] == "silence":
        _silence(needs, now)
    else:
        _reviews(needs, now, look_back=timedelta(days=event["days"]))
    count(RoundsDone=1)


def _silence(needs: WatchSettings, now: datetime) -> None:
    cloudwatch = boto3.client("cloudwatch", config=PATIENT)
    found = heard(cloudwatch, stores(needs).ledger, now=now, hours=needs.silent_hours)
    count(BedrockInvocations=found.calls, SilentHours=int(found.is_silence))
    logger().info("Bedrock's own count was compared", calls=found.calls, audited=found.is_audited)


def _reviews(needs: WatchSettings, now: datetime, *, look_back: timedelta) -> None:
    """The policy is loaded only if a finding is to be made: it takes seconds, and there is mostly nothing to do."""
    late = sum(1 for _ in unreviewed(stores(needs), now=now, look_back=look_back))
    if late:
        note_overdue(engine(needs), look_back=look_back)
    count(ReviewsLate=late)
