"""The functions that tell people, with somebody listening on the topic and a queue of postings for a webhook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

import alert_on_finding
import alert_wiring
import keep_watch
import post_to_webhook
import send_digest
import wiring
from alert_needs import AlertSettings, DigestSettings, WatchSettings, WebhookSettings
from bedrock_audit.aws.items import finding_key, key_item
from bedrock_audit.finding import Finding, Observation
from settings import environment
from tests.builders import an_occurrence
from tests.lambdas.deployed import Context, Deployed, batch

REGION = "us-east-1"
ACCOUNT = "123456789012"
CACHES = (
    *(alert_wiring.channels, alert_wiring.routes_in_force, alert_wiring.alert_log, alert_wiring.dynamodb),
    *(wiring.engine, wiring.stores, post_to_webhook._channel),
)


class Alerting:
    """The account as its alerts are seen from outside."""

    def __init__(self, account: Deployed, monkeypatch: Any) -> None:
        self.account = account
        self.stores = account.stores
        self.monkeypatch = monkeypatch
        self.sns, self.sqs = boto3.client("sns"), boto3.client("sqs")
        self.topic = self.sns.create_topic(Name="alerts")["TopicArn"]
        self.postings = self.sqs.create_queue(QueueName="postings")["QueueUrl"]
        self.seen = self._listening("seen")
        self.secret = boto3.client("secretsmanager").create_secret(Name="slack", SecretString="http://127.0.0.1:9/")[
            "ARN"
        ]
        self.deployed()

    def deployed(self, **more: Any) -> None:
        """Deploy the functions with these settings beside the usual ones."""
        tables = self.account.tables
        told = {
            "ledger_table": tables.ledger,
            "alert_topic": self.topic,
            "webhook_queue": self.postings,
            "webhooks": more.get("webhooks", ("slack",)),
            "chat_topic": more.get("chat_topic", ""),
            "reach": " --aws",
        }
        kept = {"findings_table": tables.findings, "use_cases_table": tables.use_cases}
        every = (
            AlertSettings(**told),
            DigestSettings(**told, **kept, summary_hour=6, addresses=more.get("addresses", ())),
            WebhookSettings(webhook_secrets=(self.secret,)),
            WatchSettings(**kept, ledger_table=tables.ledger, finding_days=30, silent_hours=6),
        )
        for name, value in {name: value for needs in every for name, value in environment(needs).items()}.items():
            self.monkeypatch.setenv(name, value)
        if not told["webhooks"]:
            self.monkeypatch.delenv("BEDROCK_AUDIT_WEBHOOKS", raising=False)
        for cached in CACHES:
            cached.cache_clear()

    def stored(self, finding: Finding, **occurrence: Any) -> dict[str, Any]:
        """Store the finding with an occurrence; the record that the table's stream makes of it."""
        before = self.item(finding.id)
        self.stores.findings.record(Observation(finding, an_occurrence(finding, **occurrence)))
        return self.changed(finding.id, before)

    def changed(self, finding_id: str, before: dict[str, Any] | None) -> dict[str, Any]:
        """The stream's record of what became of an item."""
        images = {"NewImage": self.item(finding_id), **({"OldImage": before} if before else {})}
        return {"dynamodb": images}

    def stream(self, *records: dict[str, Any]) -> Any:
        """What the alerting function answers to a batch of the stream; sequence numbers are 100, 101, …"""
        made = [
            {
                "eventID": f"e{number}",
                "eventName": "MODIFY",
                "eventSource": "aws:dynamodb",
                "awsRegion": REGION,
                "dynamodb": {**record["dynamodb"], "SequenceNumber": str(100 + number)},
            }
            for number, record in enumerate(records)
        ]
        return alert_on_finding.handler({"Records": made}, Context())

    def digest(self, kind: str, *, at: datetime | None = None) -> None:
        """The schedule's call; without a time the next one after what was streamed just now."""
        due = at or datetime.now(UTC) + timedelta(hours=1)
        send_digest.handler({"digest": kind, "at": due.isoformat()}, Context())

    def watch(self, *, at: datetime, **event: Any) -> None:
        """The schedule's call."""
        keep_watch.handler({**event, "at": at.isoformat()}, Context())

    def post(self) -> Any:
        """What the posting function answers to all that is queued for webhooks."""
        found = self.sqs.receive_message(QueueUrl=self.postings, MaxNumberOfMessages=10).get("Messages", [])
        return post_to_webhook.handler(batch(*(one["Body"] for one in found)), Context())

    def received(self) -> list[dict[str, Any]]:
        """What programs behind the topic got since the last look."""
        return [json.loads(one["Message"]) for one in self._taken(self.seen)]

    def posted(self) -> list[dict[str, Any]]:
        """What was queued for webhooks since the last look."""
        return list(self._taken(self.postings))

    def break_topic(self) -> None:
        """Take the topic away, so that whoever publishes is refused."""
        self.sns.delete_topic(TopicArn=self.topic)

    def mend_topic(self) -> None:
        """Put it back under its name, with the same listener."""
        self.sns.create_topic(Name="alerts")
        self._listen("seen")

    def _taken(self, queue: str) -> Iterator[dict[str, Any]]:
        while messages := self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                yield json.loads(message["Body"])

    def _listening(self, name: str) -> str:
        queue = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        self._listen(name)
        return queue

    def _listen(self, name: str) -> None:
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")

    def item(self, finding_id: str) -> dict[str, Any] | None:
        """A finding's item as it is now."""
        key = key_item(finding_key(finding_id))
        found = boto3.client("dynamodb").get_item(TableName=self.account.tables.findings, Key=key)
        return found.get("Item")
