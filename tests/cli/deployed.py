"""A deployed stack in moto, as far as commands see it: outputs, log bucket, queues and tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from bedrock_audit.aws import open_stores
from bedrock_audit.aws.queue_messages import QueuedObject, queued_object
from bedrock_audit.cli import main
from tests.builders import ACCOUNT
from tests.log_lines import line, log_object
from tests.stores.places import made_tables

BUCKET = "invocation-logs"


class DeployedStack:
    """What there is, and the command line run against it."""

    def __init__(self) -> None:
        self.s3, self.sqs = boto3.client("s3"), boto3.client("sqs")
        self.s3.create_bucket(Bucket=BUCKET)
        self.queue = self.sqs.create_queue(QueueName="queue")["QueueUrl"]
        self.parked = self.sqs.create_queue(QueueName="parked")["QueueUrl"]
        self.tables = made_tables(boto3.client("dynamodb"))
        self.stores = open_stores(self.tables, boto3.Session())
        self._make_stack()

    def put(self, hour: str, *, account: str = ACCOUNT, region: str = "us-east-1", name: str = "a") -> str:
        """Put a log object of an hour such as `2026/11/23/12`; its URI."""
        key = f"AWSLogs/{account}/BedrockModelInvocationLogs/{region}/{hour}/{name}.json.gz"
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=log_object([line()]))
        return f"s3://{BUCKET}/{key}"

    def waiting(self, url: str) -> list[QueuedObject]:
        """The objects named by the messages of a queue, taken out of it."""
        found: list[QueuedObject] = []
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            found += [queued_object(message["Body"]) for message in messages]
        return found

    def depth(self, url: str) -> int:
        """How many messages wait in a queue."""
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    def run(self, *arguments: str) -> Result:
        """The command line with these arguments."""
        return CliRunner().invoke(main, arguments)

    def rows(self, *arguments: str) -> Any:
        """What a command prints as JSON; it must succeed."""
        result = self.run(*arguments, "--output", "json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def _make_stack(self) -> None:
        outputs = {
            "Region": "us-east-1",
            "FindingsTable": self.tables.findings,
            "UseCasesTable": self.tables.use_cases,
            "LedgerTable": self.tables.ledger,
            "LogBucket": BUCKET,
            "Queue": self.queue,
            "ParkedQueue": self.parked,
            "AlertTopic": "arn:aws:sns:us-east-1:123456789012:alerts",
        }
        template = {
            "Resources": {"Something": {"Type": "AWS::SQS::Queue"}},
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }
        boto3.client("cloudformation").create_stack(StackName="BedrockAudit", TemplateBody=json.dumps(template))


@pytest.fixture
def deployed_stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeployedStack]:
    """A deployed stack, and credentials for it."""
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield DeployedStack()
