"""How often Bedrock was called, by its own count: the number that the audit's is held against."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedrock_audit.ports import Ledger
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

DELIVERED_WITHIN = timedelta(minutes=30)
"""Calls of the last minutes are not in the log bucket yet; that is no silence."""
PERIOD_S = 300
EVERY_MODEL = f"SUM(SEARCH('{{AWS/Bedrock,ModelId}} MetricName=\"Invocations\"', 'Sum', {PERIOD_S}))"
"""https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html: Invocations has a dimension per model."""


def invoked(cloudwatch: CloudWatchClient, *, since: datetime, until: datetime) -> int:
    """Successful invocations of every model between the times, in the client's account and Region."""
    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[{"Id": "calls", "Expression": EVERY_MODEL, "Period": PERIOD_S}],
        StartTime=since,
        EndTime=until,
    )
    return int(sum(value for page in pages for result in page["MetricDataResults"] for value in result["Values"]))


class Heard(Value, frozen=True):
    """How often Bedrock was called in some hours, and whether anything of them was audited."""

    calls: int
    is_audited: bool

    @property
    def is_silence(self) -> bool:
        """Whether somebody should look: is logging still on, does its bucket still tell of new objects?"""
        return self.calls > 0 and not self.is_audited


def heard(cloudwatch: CloudWatchClient, ledger: Ledger, *, now: datetime, hours: int) -> Heard:
    """What the last hours were, as far as they can have been delivered."""
    since = now - timedelta(hours=hours)
    return Heard(
        calls=invoked(cloudwatch, since=since, until=now - DELIVERED_WITHIN),
        is_audited=any(row.coverage.records for row in ledger.rows(since=since)),
    )
