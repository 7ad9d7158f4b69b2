"""Channels on AWS: an SNS topic with a message for each protocol, a chat, an event bus for integrations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bedrock_audit.alerts import amazon_q, email, machine
from bedrock_audit.alerts import digest as digests
from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.errors import BedrockAuditError

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sns import SNSClient

EVENT_SOURCE = "bedrock-audit"
ALERT_TYPE = "Bedrock Audit Finding"
DIGEST_TYPE = "Bedrock Audit Digest"


class TopicChannel:
    """A topic whose mail subscribers get a text to act on, telephones one line, and all others JSON."""

    name = "topic"

    def __init__(self, sns: SNSClient, *, topic: str) -> None:
        self._sns = sns
        self._topic = topic

    def page(self, alert: Alert, /) -> None:
        """Publish one alert, with the attributes that subscribers filter by."""
        self._publish(
            {
                "default": machine.text(machine.alert_message(alert)),
                "email": email.body(alert),
                "sms": email.short(alert),
            },
            subject=email.subject(alert),
            attributes=machine.alert_attributes(alert),
        )

    def tell(self, digest: Digest, /) -> None:
        """Publish one digest; filters for severities let only storms pass."""
        subject = email.plain_subject(digest.title)
        self._publish(
            {"default": machine.text(machine.digest_message(digest)), "email": digests.text(digest), "sms": subject},
            subject=subject,
            attributes=machine.digest_attributes(digest),
        )

    def _publish(self, by_protocol: dict[str, str], *, subject: str, attributes: dict[str, str]) -> None:
        typed: dict[str, Any] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        self._sns.publish(
            TopicArn=self._topic,
            Subject=subject,
            Message=json.dumps(by_protocol),
            MessageStructure="json",
            MessageAttributes=typed,
        )


class ChatChannel:
    """A topic that Amazon Q Developer shows in a chat channel."""

    name = "chat"

    def __init__(self, sns: SNSClient, *, topic: str) -> None:
        self._sns = sns
        self._topic = topic

    def page(self, alert: Alert, /) -> None:
        """Publish one alert."""
        self._publish(amazon_q.alert_message(alert))

    def tell(self, digest: Digest, /) -> None:
        """Publish one digest."""
        self._publish(amazon_q.digest_message(digest))

    def _publish(self, message: dict[str, Any]) -> None:
        self._sns.publish(TopicArn=self._topic, Message=machine.text(message))


class EventBusChannel:
    """An EventBridge bus; `detail` is the message for machines."""

    name = "bus"

    def __init__(self, events: EventBridgeClient, *, bus: str) -> None:
        self._events = events
        self._bus = bus

    def page(self, alert: Alert, /) -> None:
        """Put one event about a finding."""
        self._put(ALERT_TYPE, machine.text(machine.alert_message(alert)))

    def tell(self, digest: Digest, /) -> None:
        """Put one event with a digest."""
        self._put(DIGEST_TYPE, machine.text(machine.digest_message(digest)))

    def _put(self, kind: str, detail: str) -> None:
        entry: Any = {"Source": EVENT_SOURCE, "DetailType": kind, "Detail": detail, "EventBusName": self._bus}
        answer = self._events.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            code = answer["Entries"][0].get("ErrorCode", "without a reason")
            raise BedrockAuditError(f"event bus {self._bus} refused an event: {code}")
