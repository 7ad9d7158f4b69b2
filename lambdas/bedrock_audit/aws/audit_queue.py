"""The queue of log objects to audit, and the one where given-up objects are parked, as people's commands use them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from bedrock_audit.aws.log_landing import Delivery, failed_delivery
from bedrock_audit.aws.permissions import needing
from bedrock_audit.aws.queue_messages import QueuedObject, UnknownMessageError, message, queued_object
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

BATCH = 10
"""Messages in one request; SQS takes no more."""
MOST_TRIES = 5
HELD_SECONDS = 120


class Parked(Value, frozen=True):
    """A parked message: an object, or events of a log group that could not be put into the bucket, or neither.

    `receipt` is what it is taken away by.
    """

    id: str
    queued: QueuedObject | None
    events: Delivery | None
    receipt: str

    @property
    def name(self) -> str:
        """For people."""
        if self.queued:
            return self.queued.log.name
        return f"events of {self.events.log_group}" if self.events else f"queue message {self.id}"


class AuditQueue:
    """One queue, named by its URL."""

    def __init__(self, sqs: SQSClient, url: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sqs = sqs
        self._url = url
        self._sleep = sleep

    def send(self, objects: Sequence[QueuedObject]) -> None:
        """Put up to BATCH objects into the queue; what SQS turns down for a moment is sent again."""
        waiting = [{"Id": str(number), "MessageBody": message(one)} for number, one in enumerate(objects)]
        for attempt in range(MOST_TRIES):
            with needing("sqs:SendMessage", self._url):
                answer = self._sqs.send_message_batch(QueueUrl=self._url, Entries=waiting)  # type: ignore[arg-type]
            turned_down = {failed["Id"] for failed in answer.get("Failed", [])}
            waiting = [entry for entry in waiting if entry["Id"] in turned_down]
            if not waiting:
                return
            self._sleep(2**attempt)
        raise BedrockAuditError(f"SQS did not take {len(waiting)} messages; run the command again to go on")

    def depth(self) -> int:
        """About how many messages wait or are being worked on."""
        with needing("sqs:GetQueueAttributes", self._url):
            found = self._sqs.get_queue_attributes(
                QueueUrl=self._url,
                AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
            )["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    def parked(self) -> Iterator[Parked]:
        """Each message once, hidden from others for a while; ends when no more come."""
        seen: set[str] = set()
        while True:
            with needing("sqs:ReceiveMessage", self._url):
                found = self._sqs.receive_message(
                    QueueUrl=self._url, MaxNumberOfMessages=BATCH, WaitTimeSeconds=1, VisibilityTimeout=HELD_SECONDS
                )
            new = [one for one in found.get("Messages", []) if one["MessageId"] not in seen]
            if not new:
                return
            for one in new:
                seen.add(one["MessageId"])
                yield _parked(one)

    def put_back(self, parked: Parked) -> None:
        """Let others see a message at once that was only looked at."""
        with needing("sqs:ChangeMessageVisibility", self._url):
            self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=parked.receipt, VisibilityTimeout=0)

    def take_away(self, parked: Parked) -> None:
        """Remove a message for good."""
        with needing("sqs:DeleteMessage", self._url):
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=parked.receipt)


def redriven(queued: QueuedObject) -> QueuedObject:
    """The object with the mark that makes its success close the finding about its failure."""
    return msgspec.structs.replace(queued, is_redriven=True)


def _parked(message: MessageTypeDef) -> Parked:
    body = message["Body"]
    queued = _named(body)
    events = None if queued else failed_delivery(body)
    return Parked(id=message["MessageId"], queued=queued, events=events, receipt=message["ReceiptHandle"])


def _named(body: str) -> QueuedObject | None:
    try:
        return queued_object(body)
    except UnknownMessageError:
        return None
