"""An account in moto with what the functions work on, and the functions run as Lambda would run them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
from moto import mock_aws

import wiring
from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.ports import Stores
from needs import AuditorSettings, RecorderSettings
from settings import environment
from tests.stores.places import made_tables

BUCKET = "invocation-logs"
PLAIN = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "Test",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


class Deployed:
    """The clients, the stores, and what was put into the queues."""

    def __init__(self) -> None:
        self.s3 = boto3.client("s3")
        self.sqs = boto3.client("sqs")
        self.s3.create_bucket(Bucket=BUCKET)
        self.queue = self.sqs.create_queue(QueueName="queue")["QueueUrl"]
        self.parked = self.sqs.create_queue(QueueName="parked")["QueueUrl"]
        dynamodb = boto3.client("dynamodb")
        self.tables = made_tables(dynamodb)
        self.stores: Stores = dynamodb_stores(dynamodb, self.tables)

    def settings(self) -> dict[str, str]:
        """The environment of the auditor and the recorder."""
        engine = {
            "findings_table": self.tables.findings,
            "use_cases_table": self.tables.use_cases,
            "ledger_table": self.tables.ledger,
            "finding_days": 30,
            "body_places": (f"s3://{BUCKET}/AWSLogs/",),
        }
        auditor = environment(AuditorSettings(queue=self.queue, **engine))
        return {**auditor, **environment(RecorderSettings(parked_queue=self.parked, **engine))}

    def put(self, key: str, content: bytes) -> str:
        """Put an object and return the message that its event becomes."""
        found = self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)
        return event(key, etag=found["ETag"].strip('"'))

    def waiting(self, queue: str) -> list[str]:
        """The bodies of the messages in a queue, taken out of it."""
        return [
            found["Body"]
            for found in self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        ]


def event(key: str, *, etag: str = "1", at: datetime | None = None) -> str:
    """An S3 event as EventBridge puts it into the queue."""
    when = (at or datetime(2026, 11, 23, 12, tzinfo=UTC)).isoformat()
    detail = {"bucket": {"name": BUCKET}, "object": {"key": key, "etag": etag, "size": 1}}
    return json.dumps({"detail-type": "Object Created", "source": "aws.s3", "time": when, "detail": detail})


def batch(*bodies: str, attempt: int = 1) -> dict[str, Any]:
    """An SQS batch as Lambda hands it over; messages are `m0`, `m1`, …"""
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": "r",
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(attempt)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
                "awsRegion": "us-east-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


class Context:
    """A Lambda context whose remaining time is what the test says."""

    function_name = "f"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    aws_request_id = "request"

    def __init__(self, remaining_ms: Callable[[], int] = lambda: 300_000) -> None:
        self.get_remaining_time_in_millis = remaining_ms


@contextmanager
def deployed(monkeypatch: Any) -> Iterator[Deployed]:
    """The account, for the time of a test."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "BEDROCK_AUDIT_"))]:
        monkeypatch.delenv(name)
    for name, value in PLAIN.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        account = Deployed()
        for name, value in account.settings().items():
            monkeypatch.setenv(name, value)
        for cached in (wiring.engine, wiring.s3, wiring.sqs):
            cached.cache_clear()
        yield account
