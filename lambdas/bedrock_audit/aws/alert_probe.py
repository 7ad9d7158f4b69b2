"""The alerting of a deployed stack as the command line sees it: its channels, and who listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_audit.alerts.dispatch import Channel
from bedrock_audit.aws.alert_places import AlertPlaces, channels
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.subscriptions import Subscription, subscriptions
from bedrock_audit.record import Value

if TYPE_CHECKING:
    import boto3


class DeployedAlerting(Value, frozen=True):
    """Where alerts of a deployment go; account and Region are those of its topic."""

    account: str
    region: str
    channels: tuple[Channel, ...]
    subscriptions: tuple[Subscription, ...]


def deployed_alerting(places: AlertPlaces, session: boto3.Session) -> DeployedAlerting:
    """The alerting that leads to these places."""
    _, _, _, region, account, _ = places.alert_topic.split(":", 5)
    sns = session.client("sns", config=PATIENT)
    return DeployedAlerting(
        account=account,
        region=region,
        channels=channels(places, session),
        subscriptions=tuple(subscriptions(sns, topic=places.alert_topic)),
    )
