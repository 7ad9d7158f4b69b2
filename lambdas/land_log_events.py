"""Puts what a subscribed log group receives into the log bucket, from where it is audited like everything else."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from audit_metrics import count
from bedrock_audit.aws.log_landing import delivery, landed
from needs import LandingSettings
from observability import logger, observed
from settings import settings_of
from wiring import s3


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """One delivery of a subscription."""
    needs = settings_of(LandingSettings)
    sent = delivery(event["awslogs"]["data"])
    key = landed(sent, s3(), bucket=needs.log_bucket, log_prefix=needs.log_prefix)
    if key:
        count(LogEventsLanded=len(sent.log_events))
        logger().info("Log events were put into the log bucket", key=key, events=len(sent.log_events))
