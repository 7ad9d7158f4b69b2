"""The alerting of a deployed stack as the command line sees it: its channels, and who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_audit.alerts.dispatch import Channel
from bedrock_audit.aws.alert_channels import ChatChannel, TopicChannel
from bedrock_audit.aws.subscriptions import Subscription, subscriptions
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class DeployedAlerting(Value, frozen=True):
    """Where alerts of a deployment go; account and Region are those of its topic."""

    account: str
    region: str
    channels: tuple[Channel, ...]
    subscriptions: tuple[Subscription, ...]


def deployed_alerting(sns: SNSClient, *, topic: str, chat: str = "") -> DeployedAlerting:
    """The alerting behind the topic, and behind the chat channel's if there is one; both are ARNs."""
    _, _, _, region, account, _ = topic.split(":", 5)
    return DeployedAlerting(
        account=account,
        region=region,
        channels=(TopicChannel(sns, topic=topic), *([ChatChannel(sns, topic=chat)] if chat else [])),
        subscriptions=tuple(subscriptions(sns, topic=topic)),
    )
