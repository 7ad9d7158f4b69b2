"""The alerting of a deployed stack as the command line sees it: its channels, and who listens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.dispatch import Channel
from bedrock_audit.aws.alert_places import AlertPlaces, channels
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.permissions import code_of, needing
from bedrock_audit.aws.subscriptions import Subscription, subscriptions, unheard
from bedrock_audit.aws.webhook_queue import QueuedWebhook
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.record import Value

if TYPE_CHECKING:
    import boto3


class Tried(Value, frozen=True):
    """What became of a message on one channel; `refusal` says why it was not taken."""

    channel: str
    is_queued: bool = False
    refusal: str = ""


class DeployedAlerting(Value, frozen=True):
    """Where alerts of a deployment go; account and Region are those of its topic.

    `subscriptions` are those of the topic, and those that should be and are not.
    """

    account: str
    region: str
    channels: tuple[Channel, ...]
    subscriptions: tuple[Subscription, ...]

    def tried(self, told: Alert) -> list[Tried]:
        """Tell every channel, whatever the others say."""
        return [_tried(channel, told) for channel in self.channels]


def deployed_alerting(
    places: AlertPlaces, session: boto3.Session, *, addresses: Iterable[str] = ()
) -> DeployedAlerting:
    """The alerting that leads to these places; at these e-mail addresses somebody should listen."""
    _, _, _, region, account, _ = places.alert_topic.split(":", 5)
    sns = session.client("sns", config=PATIENT)
    with needing("sns:ListSubscriptionsByTopic", places.alert_topic):
        found = subscriptions(sns, topic=places.alert_topic)
    gone = [one for one in unheard(found, expected=addresses) if one not in found]
    return DeployedAlerting(
        account=account, region=region, channels=channels(places, session), subscriptions=(*found, *gone)
    )


def _tried(channel: Channel, told: Alert) -> Tried:
    try:
        channel.page(told)
    except ClientError as error:
        return Tried(channel=channel.name, refusal=f"{error.operation_name}: {code_of(error)}")
    except BedrockAuditError as error:
        return Tried(channel=channel.name, refusal=str(error))
    return Tried(channel=channel.name, is_queued=isinstance(channel, QueuedWebhook))
