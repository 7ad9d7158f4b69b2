"""Where a deployment's alerts go, and the channels that lead there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_audit.alerts.dispatch import Channel
from bedrock_audit.aws.alert_channels import ChatChannel, EventBusChannel, TopicChannel
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.webhook_queue import QueuedWebhook
from bedrock_audit.record import Value

if TYPE_CHECKING:
    import boto3


CHANNELS = frozenset({TopicChannel.name, ChatChannel.name, EventBusChannel.name})
"""The names of channels that are not webhooks; those have the names of their secrets."""


class AlertPlaces(Value, frozen=True, kw_only=True):
    """Topics are ARNs, the queue of postings is a URL, the bus and the webhooks are names; empty is not there."""

    alert_topic: str
    chat_topic: str = ""
    event_bus: str = ""
    webhook_queue: str = ""
    webhooks: tuple[str, ...] = ()

    @property
    def is_heard_elsewhere(self) -> bool:
        """Whether people have another way to hear of alerts and alarms than by subscribing to the topic."""
        return bool(self.chat_topic or self.webhooks)

    @property
    def names(self) -> frozenset[str]:
        """What a routes file may call the channels."""
        others = {ChatChannel.name: self.chat_topic, EventBusChannel.name: self.event_bus}
        return frozenset({TopicChannel.name, *(name for name, place in others.items() if place), *self.webhooks})


def channels(places: AlertPlaces, session: boto3.Session) -> tuple[Channel, ...]:
    """The topic always; chat, the bus and webhooks where the deployment has them."""
    sns = session.client("sns", config=PATIENT)
    found: list[Channel] = [TopicChannel(sns, topic=places.alert_topic)]
    if places.chat_topic:
        found.append(ChatChannel(sns, topic=places.chat_topic))
    if places.event_bus:
        found.append(EventBusChannel(session.client("events", config=PATIENT), bus=places.event_bus))
    if places.webhooks:
        sqs = session.client("sqs", config=PATIENT)
        found += [QueuedWebhook(sqs, queue=places.webhook_queue, name=name) for name in places.webhooks]
    return tuple(found)
