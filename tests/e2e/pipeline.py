"""The deployed pipeline as its neighbours see it: Bedrock putting objects, people reading findings."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.aws.tables import TableNames
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Finding
from bedrock_audit.ports import FindingQuery
from tests.e2e.assembly import Deployed
from tests.log_lines import HOUR, log_object

PATIENCE = 300.0
Result = TypeVar("Result")


class Pipeline:
    """A deployed stack with its stores."""

    def __init__(self, deployed: Deployed, *, bucket: str = "") -> None:
        self.deployed = deployed
        self.bucket = bucket or deployed.at("Logs/Bucket")
        self.emulator = deployed.emulator
        self.s3 = self.emulator.client("s3")
        self.sqs = self.emulator.client("sqs")
        tables = TableNames(
            findings=deployed.at("Store/Findings"),
            use_cases=deployed.at("Registry/UseCases"),
            ledger=deployed.at("Store/Ledger"),
        )
        self.stores = dynamodb_stores(self.emulator.client("dynamodb"), tables)

    def queue(self, name: str) -> str:
        """The URL of one of the intake's queues, or of another one by its path."""
        return self.deployed.at(name if "/" in name else f"Intake/{name}")

    def put(self, name: str, *lines: str, hour: str = HOUR) -> str:
        """Put a log object as Bedrock does; its URI."""
        return self.put_bytes(f"{hour}/{name}.json.gz", log_object(lines))

    def put_bytes(self, key: str, content: bytes) -> str:
        """Put any object; its URI."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)
        return f"s3://{self.bucket}/{key}"

    def announce(self, uri: str, *, times: int = 1) -> None:
        """Deliver an object's event to the queue as EventBridge does."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        detail = {"bucket": {"name": bucket}, "object": {"key": key, "etag": "announced", "size": 1}}
        body = json.dumps({"source": "aws.s3", "time": "2026-11-23T12:00:00Z", "detail": detail})
        for _ in range(times):
            self.sqs.send_message(QueueUrl=self.queue("Queue"), MessageBody=body)

    def findings(self, **wanted: Any) -> list[Finding]:
        """What is stored."""
        return list(self.stores.findings.query(FindingQuery(**wanted)))

    def about(self, principal: str) -> Finding | None:
        """The finding about a role, None while there is none."""
        found = [one for one in self.findings() if one.principal.endswith(f":role/{principal}")]
        return found[0] if found else None

    def audited(self, uri: str, *, patience: float = PATIENCE) -> LedgerRow:
        """The ledger's row of an object, once it is audited to its end."""
        return until(lambda: self._done(uri), patience=patience)

    def waiting(self, name: str) -> int:
        """How many messages are in a queue, those being worked on included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=self.queue(name), AttributeNames=names)["Attributes"]
        return sum(int(found[one]) for one in names)

    def _done(self, uri: str) -> LedgerRow | None:
        row = self.stores.ledger.row(uri)
        return row if row and row.next_line is None else None


def until(look: Callable[[], Result | None], *, patience: float = PATIENCE) -> Result:
    """What a look gives as soon as it gives anything; fails when patience ends."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing came within {patience} s")
