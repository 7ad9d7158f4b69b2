"""Turns what a log group's subscription sends into a log object as Bedrock would have written it to S3."""

from __future__ import annotations

import base64
import gzip
import zlib
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import ClientError

from bedrock_audit.aws.log_keys import hour_prefix
from bedrock_audit.aws.permissions import code_of, needing
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DATA = "DATA_MESSAGE"
ALREADY_THERE = {"PreconditionFailed", "412"}


class LogEvent(Value, frozen=True):
    """One event of a log group; `timestamp` is in milliseconds since 1970."""

    id: str
    timestamp: int
    message: str


class Delivery(Value, frozen=True, rename="camel"):
    """What a subscription sends at once (CloudWatch Logs user guide, "Subscription filters with AWS Lambda")."""

    message_type: str
    owner: str
    log_group: str
    log_events: tuple[LogEvent, ...]


class _Data(Value, frozen=True):
    data: str


class _Subscribed(Value, frozen=True):
    awslogs: _Data


class _Failure(Value, frozen=True):
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""

    request: _Subscribed = msgspec.field(name="requestPayload")


def delivery(data: str) -> Delivery:
    """The content of `awslogs.data`: JSON, compressed, as base64."""
    return msgspec.json.decode(gzip.decompress(base64.b64decode(data)), type=Delivery)


def failed_delivery(body: str) -> Delivery | None:
    """What a function could not land, out of the message that its failure destination got; None for anything else."""
    try:
        return delivery(msgspec.json.decode(body, type=_Failure).request.awslogs.data)
    except (msgspec.DecodeError, ValueError, OSError, EOFError, zlib.error):  # no JSON, base64, gzip or not whole
        return None


def landed(sent: Delivery, s3: S3Client, *, bucket: str, log_prefix: str) -> str | None:
    """Put the events into the bucket and return their key; None for what carries no events.

    What is delivered twice has the same key and is written once.
    """
    if sent.message_type != DATA or not sent.log_events:
        return None
    key = _key(sent, log_prefix=log_prefix, region=s3.meta.region_name)
    lines = "\n".join(event.message.replace("\n", " ") for event in sent.log_events)
    try:
        with needing("s3:PutObject", f"arn:aws:s3:::{bucket}/{key}"):
            s3.put_object(Bucket=bucket, Key=key, Body=gzip.compress(lines.encode(), mtime=0), IfNoneMatch="*")
    except ClientError as error:
        if code_of(error) not in ALREADY_THERE:
            raise
    return key


def _key(sent: Delivery, *, log_prefix: str, region: str) -> str:
    first = datetime.fromtimestamp(sent.log_events[0].timestamp / 1000, UTC)
    ids = "\n".join((sent.log_group, *(event.id for event in sent.log_events)))
    name = f"{first:%Y%m%dT%H%M%S}Z_{blake2b(ids.encode(), digest_size=8).hexdigest()}.json.gz"
    return hour_prefix(log_prefix=log_prefix, account=sent.owner, region=region, hour=f"{first:%Y/%m/%d/%H}") + name
