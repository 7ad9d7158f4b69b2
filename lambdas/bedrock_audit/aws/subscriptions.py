"""Who subscribes to a topic, and whether they have confirmed: an alert to nobody is no alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class Subscription(Value, frozen=True):
    """One subscription; `endpoint` is an address, ARN or URL."""

    protocol: str
    endpoint: str
    is_confirmed: bool


def subscriptions(sns: SNSClient, *, topic: str) -> list[Subscription]:
    """Every subscription of the topic; those that were removed are not listed by SNS."""
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    return [
        Subscription(
            protocol=found["Protocol"],
            endpoint=found.get("Endpoint", ""),
            is_confirmed=found["SubscriptionArn"].startswith("arn:"),
        )
        for page in pages
        for found in page["Subscriptions"]
    ]
