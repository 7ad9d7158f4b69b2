"""Channels on AWS: an SNS topic with a message for each protocol, and an event bus for integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from bedrock_audit.alerts import amazon_q, email, machine
from bedrock_audit.alerts import digest as digests
from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.errors import BedrockAuditError

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sns import SNSClient

EVENT_SOURCE = "bedrock-audit"
DIGEST_TYPE = "Bedrock Audit Digest"


class TopicChannel:
    """A topic whose mail subscribers get a text to act on, and all others JSON."""

    name = "topic"

    def __init__(self, sns: SNSClient, *, topic: str) -> None:
        self._sns = sns
        self._topic = topic

    def page(self, alert: Alert, /) -> None:
        """Publish one alert, with the attributes that subscribers filter by."""
        self._publish(
            subject=email.subject(alert),
            mail=email.body(alert),
            program=machine.text(alert),
            attributes=machine.attributes(alert),
        )

    def tell(self, digest: Digest, /) -> None:
        """Publish one digest; filters for severities let it pass only if they ask for `digest`."""
        program = msgspec.json.encode(msgspec.structs.asdict(digest)).decode()
        subject = email.plain_subject(digest.title)
        self._publish(subject=subject, mail=digests.text(digest), program=program, attributes={"cause": "digest"})

    def _publish(self, *, subject: str, mail: str, program: str, attributes: dict[str, str]) -> None:
        by_protocol = {"default": program, "email": mail}
        typed: dict[str, Any] = {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        }
        self._sns.publish(
            TopicArn=self._topic,
            Subject=subject,
            Message=msgspec.json.encode(by_protocol).decode(),
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
        self._sns.publish(TopicArn=self._topic, Message=msgspec.json.encode(message).decode())


class EventBusChannel:
    """An EventBridge bus; `detail` is the message for machines."""

    name = "bus"

    def __init__(self, events: EventBridgeClient, *, bus: str) -> None:
        self._events = events
        self._bus = bus

    def page(self, alert: Alert, /) -> None:
        """Put one event about a finding."""
        self._put(machine.DETAIL_TYPE, machine.text(alert))

    def tell(self, digest: Digest, /) -> None:
        """Put one event with a digest."""
        self._put(DIGEST_TYPE, msgspec.json.encode(msgspec.structs.asdict(digest)).decode())

    def _put(self, kind: str, detail: str) -> None:
        entry: Any = {"Source": EVENT_SOURCE, "DetailType": kind, "Detail": detail, "EventBusName": self._bus}
        answer = self._events.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            code = answer["Entries"][0].get("ErrorCode", "without a reason")
            raise BedrockAuditError(f"event bus {self._bus} refused an event: {code}")
