"""Puts together who is told of what: the bundle's routes, the deployment's channels, the log of what was said."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from bedrock_audit.alerts.dispatch import Channel, Dispatched, dispatch
from bedrock_audit.alerts.routing import Routes, routes
from bedrock_audit.aws.alert_channels import ChatChannel, EventBusChannel, TopicChannel
from bedrock_audit.aws.alert_log import DynamoAlertLog
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.finding_stream import news
from bedrock_audit.channels.webhook import WebhookChannel
from needs import AlertSettings
from observability import logger, metrics

HERE = Path(__file__).parent


class AlertDesk:
    """One run of the alerting function."""

    def __init__(self, needs: AlertSettings) -> None:
        self._routes = deployed_routes(needs)
        self._channels = channels(needs)
        self._log = DynamoAlertLog(dynamodb(), table=needs.ledger_table, sleep=time.sleep)

    def tell(self, record: Mapping[str, Any]) -> None:
        """Alert of a stream record if it is news; raises if a channel does not take it."""
        told = news(record)
        if told is None:
            return
        became = dispatch(told, self._routes, channels=self._channels, log=self._log, now=datetime.now(UTC))
        metrics().add_metric(name=f"Alerts{_NAMES[became]}", unit="Count", value=1)
        logger().info("A finding was news", finding=told.finding.id, cause=told.cause, became=became)


@cache
def channels(needs: AlertSettings) -> tuple[Channel, ...]:
    """The topic always; chat, the bus and webhooks where the deployment has them."""
    sns = boto3.client("sns", config=PATIENT)
    found: list[Channel] = [TopicChannel(sns, topic=needs.alert_topic)]
    if needs.chat_topic:
        found.append(ChatChannel(sns, topic=needs.chat_topic))
    if needs.event_bus:
        found.append(EventBusChannel(boto3.client("events", config=PATIENT), bus=needs.event_bus))
    return (*found, *(WebhookChannel(_secret(secret), source=secret) for secret in needs.webhook_secrets))


@cache
def deployed_routes(needs: AlertSettings) -> Routes:
    """The routes in the bundle, or the usual ones."""
    return routes(HERE / needs.routes) if needs.routes else Routes()


@cache
def dynamodb() -> Any:
    """The client for the ledger."""
    return boto3.client("dynamodb", config=PATIENT)


def _secret(name: str) -> str:
    client = boto3.client("secretsmanager", config=PATIENT)
    return client.get_secret_value(SecretId=name)["SecretString"].strip()


_NAMES = {
    Dispatched.PAGED: "Sent",
    Dispatched.SAID_BEFORE: "Repeated",
    Dispatched.LEFT_TO_DIGEST: "LeftToDigest",
    Dispatched.STORM: "HeldInStorm",
}
