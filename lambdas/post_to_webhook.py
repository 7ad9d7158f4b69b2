"""Posts queued alerts and digests to Slack, Teams or another webhook; what it refuses goes back to the queue."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from alert_needs import WebhookSettings
from audit_metrics import count
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.webhook_queue import posting, webhook_address, webhook_name
from bedrock_audit.channels.webhook import WebhookChannel, WebhookRefusedError
from message_batch import worked_off
from observability import logger, observed
from settings import settings_of


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """A batch of postings in, those that were not taken out."""
    needs = settings_of(WebhookSettings)
    secrets = {webhook_name(secret): secret for secret in needs.webhook_secrets}

    def post(message: SQSRecord) -> None:
        told = posting(message.body)
        if told.webhook not in secrets:
            logger().warning("A posting for a webhook that is not set any more was dropped", webhook=told.webhook)
            count(WebhooksGone=1)
            return
        try:
            told.post(_channel(secrets[told.webhook]))
        except WebhookRefusedError:
            _channel.cache_clear()  # its address may have been changed
            raise
        count(WebhooksPosted=1)

    return worked_off(event, context, work=post)


@cache
def _channel(secret: str) -> WebhookChannel:
    secrets = boto3.client("secretsmanager", config=PATIENT)
    address = secrets.get_secret_value(SecretId=secret)["SecretString"]
    return WebhookChannel(webhook_address(address), source=webhook_name(secret))
