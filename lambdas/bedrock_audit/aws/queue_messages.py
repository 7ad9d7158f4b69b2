"""Turns messages of the audit queue into the log objects they name, and back; in both their forms."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bedrock_audit.aws.log_keys import is_log_object
from bedrock_audit.aws.log_objects import S3Place, s3_place
from bedrock_audit.aws.permissions import needing
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Origin
from bedrock_audit.ports import LogObject
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class QueuedObject(Value, frozen=True):
    """A log object waiting to be audited: our own messages are this value as JSON."""

    log: LogObject
    origin: Origin = Origin.LIVE
    is_redriven: bool = False

    @property
    def is_log(self) -> bool:
        """False for what only lies beside the logs; a rule on keys cannot tell everything."""
        return is_log_object(s3_place(self.log.name).key)


class UnknownMessageError(BedrockAuditError):
    """A message that names no object; it says nothing of what is in it."""


def queued_object(body: str) -> QueuedObject:
    """The object that a message is about: one of ours, or an S3 event that EventBridge passed on."""
    try:
        return msgspec.json.decode(body, type=QueuedObject)
    except msgspec.ValidationError:
        return _announced(body)
    except msgspec.DecodeError as error:
        raise UnknownMessageError("the message is no JSON") from error


def message(queued: QueuedObject) -> str:
    """The body of a message of ours."""
    return msgspec.json.encode(queued).decode()


def send(sqs: SQSClient, queue: str, body: str) -> None:
    """Put a message into a queue, named by its URL."""
    with needing("sqs:SendMessage", queue):
        sqs.send_message(QueueUrl=queue, MessageBody=body)


class _Bucket(Value, frozen=True):
    name: str


class _Object(Value, frozen=True):
    key: str
    size: int = 0
    etag: str = ""


class _Detail(Value, frozen=True):
    bucket: _Bucket
    object: _Object


class _Event(Value, frozen=True):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html; keys are not URL-encoded there."""

    detail: _Detail
    time: datetime | None = None


def _announced(body: str) -> QueuedObject:
    try:
        event = msgspec.json.decode(body, type=_Event)
    except msgspec.ValidationError as error:
        raise UnknownMessageError(f"the message names no object ({error})") from error
    found = event.detail.object
    name = S3Place(bucket=event.detail.bucket.name, key=found.key).uri
    return QueuedObject(log=LogObject(name=name, etag=found.etag, size=found.size, modified=event.time))
