"""How often Bedrock was called, by its own count: the number that the audit's is held against."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

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
