"""Webhooks by way of a queue: one message for each, so that a webhook that is down holds up nobody else's alerts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.alerts.dispatch import Channel
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")
"""What AWS Secrets Manager adds to the name of a secret to make its ARN."""


class UnknownPostingError(BedrockAuditError):
    """A message in the queue that no channel has put there."""


class Posting(Value, frozen=True):
    """What a webhook is to be told: an alert or a digest."""

    webhook: str
    alert: Alert | None = None
    digest: Digest | None = None

    def post(self, channel: Channel) -> None:
        """Tell the channel."""
        if self.alert is not None:
            channel.page(self.alert)
        if self.digest is not None:
            channel.tell(self.digest)


class QueuedWebhook:
    """The channel of one webhook; taken means that the queue has it."""

    def __init__(self, sqs: SQSClient, *, queue: str, name: str) -> None:
        self._sqs = sqs
        self._queue = queue
        self.name = name

    def page(self, alert: Alert, /) -> None:
        """Queue one alert."""
        self._send(Posting(webhook=self.name, alert=alert))

    def tell(self, digest: Digest, /) -> None:
        """Queue one digest."""
        self._send(Posting(webhook=self.name, digest=digest))

    def _send(self, posting: Posting) -> None:
        body = json.dumps(msgspec.to_builtins(posting))  # ASCII: SQS refuses some characters
        self._sqs.send_message(QueueUrl=self._queue, MessageBody=body)


def posting(body: str) -> Posting:
    """The posting in a message's body."""
    try:
        return msgspec.json.decode(body, type=Posting)
    except msgspec.DecodeError as error:
        raise UnknownPostingError("the message is no posting for a webhook") from error


def webhook_address(secret: str) -> str:
    """The address in a secret's text: alone, or as the one value of the JSON that the console makes of it."""
    try:
        values = [*msgspec.json.decode(secret, type=dict[str, str]).values()]
    except msgspec.DecodeError:
        return secret.strip()
    return values[0].strip() if len(values) == 1 else ""


def webhook_name(secret: str) -> str:
    """What the webhook is called whose address is in the secret with this ARN: the secret's own name."""
    return SUFFIX.sub("", secret.rpartition(":secret:")[2])
