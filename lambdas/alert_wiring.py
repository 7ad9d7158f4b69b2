"""Puts together what alerts and digests work with, once per process: clients, routes, channels, the log."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from alert_needs import AlertSettings
from bedrock_audit.alerts.dispatch import Channel
from bedrock_audit.alerts.routing import Routes, routes
from bedrock_audit.aws import alert_places
from bedrock_audit.aws.alert_log import AlertLogTable
from bedrock_audit.aws.clients import PATIENT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HERE = Path(__file__).parent


@cache
def channels(needs: AlertSettings) -> tuple[Channel, ...]:
    """Every channel of the deployment."""
    return alert_places.channels(needs, boto3.Session())


@cache
def routes_in_force(needs: AlertSettings) -> Routes:
    """The routes in the bundle, or the usual ones."""
    return routes(HERE / needs.routes) if needs.routes else Routes()


@cache
def alert_log(table: str) -> AlertLogTable:
    """What has been said."""
    return AlertLogTable(dynamodb(), table=table, sleep=time.sleep)


@cache
def dynamodb() -> DynamoDBClient:
    """The client for the tables."""
    return boto3.client("dynamodb", config=PATIENT)
