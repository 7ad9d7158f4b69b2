"""Those who hear of findings: programs behind the alert topic and the event bus, and a webhook that speaks Slack."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e.assembly import Deployed
from tests.e2e.emulator import ACCOUNT, REGION, Emulator
from tests.e2e.pipeline import until


class Listener:
    """A queue, and what has arrived in it."""

    def __init__(self, emulator: Emulator, name: str) -> None:
        self._sqs = emulator.client("sqs")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        self.arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        self._let_in("sns.amazonaws.com", "events.amazonaws.com")
        self.heard: list[dict[str, Any]] = []

    def about(self, role: str) -> list[dict[str, Any]]:
        """The messages about a role so far, the first of them waited for."""
        until(lambda: self._of(role))
        return self._of(role)

    def of_kind(self, kind: str) -> dict[str, Any]:
        """The first digest of a kind."""
        return until(lambda: next((one for one in self.everything() if one.get("kind") == kind), None))

    def everything(self) -> list[dict[str, Any]]:
        """All messages so far."""
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
                self.heard.append(_unwrapped(json.loads(message["Body"])))
        return self.heard

    def _of(self, role: str) -> list[dict[str, Any]]:
        findings = (one for one in self.everything() if "finding" in one)
        return [one for one in findings if one["finding"]["principal"].endswith(f":role/{role}")]

    def _let_in(self, *services: str) -> None:
        policy = {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": service},
                    "Action": "sqs:SendMessage",
                    "Resource": self.arn,
                }
                for service in services
            ]
        }
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": json.dumps(policy)})


def behind_topic(deployed: Deployed, name: str) -> Listener:
    """A program that subscribes to the alert topic."""
    listener = Listener(deployed.emulator, name)
    sns = deployed.emulator.client("sns")
    sns.subscribe(TopicArn=deployed.at("Alerting/Alerts"), Protocol="sqs", Endpoint=listener.arn)
    return listener


def behind_bus(emulator: Emulator, name: str) -> Listener:
    """An integration that listens to the event bus."""
    listener = Listener(emulator, name)
    events = emulator.client("events")
    pattern = {"source": ["bedrock-audit"], "detail-type": ["Bedrock Audit Finding"]}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": listener.arn}])
    return listener


def _unwrapped(body: dict[str, Any]) -> dict[str, Any]:
    """The message in a notification of SNS's, or in an event's detail."""
    found: dict[str, Any] = json.loads(body["Message"]) if "Message" in body else body["detail"]
    return found
