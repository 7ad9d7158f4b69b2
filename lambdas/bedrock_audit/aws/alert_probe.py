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
from bedrock_audit.aws.subscriptions import Subscription, is_heard, subscriptions, unheard
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

    `subscriptions` are those of the topic and of the chat's, and those that should be and are not. `is_heard`: somebody
    gets alerts and alarms, by a subscription or otherwise.
    """

    account: str
    region: str
    channels: tuple[Channel, ...]
    subscriptions: tuple[Subscription, ...]
    is_heard: bool

    def tried(self, told: Alert) -> list[Tried]:
        """Tell every channel, whatever the others say."""
        return [_tried(channel, told) for channel in self.channels]


def deployed_alerting(
    places: AlertPlaces, session: boto3.Session, *, addresses: Iterable[str] = ()
) -> DeployedAlerting:
    """The alerting that leads to these places; at these e-mail addresses somebody should listen."""
    _, _, _, region, account, _ = places.alert_topic.split(":", 5)
    sns = session.client("sns", config=PATIENT)
    listed: dict[str, list[Subscription]] = {}
    for topic in filter(None, (places.alert_topic, places.chat_topic)):
        with needing("sns:ListSubscriptionsByTopic", topic):
            listed[topic] = subscriptions(sns, topic=topic)
    found = listed[places.alert_topic]
    gone = [one for one in unheard(found, expected=addresses) if one not in found]
    return DeployedAlerting(
        account=account,
        region=region,
        channels=channels(places, session),
        subscriptions=(*found, *gone, *listed.get(places.chat_topic, ())),
        is_heard=bool(places.webhooks) or any(map(is_heard, listed.values())),
    )


def _tried(channel: Channel, told: Alert) -> Tried:
    try:
        channel.page(told)
    except ClientError as error:
        return Tried(channel=channel.name, refusal=f"{error.operation_name}: {code_of(error)}")
    except BedrockAuditError as error:
        return Tried(channel=channel.name, refusal=str(error))
    return Tried(channel=channel.name, is_queued=isinstance(channel, QueuedWebhook))
