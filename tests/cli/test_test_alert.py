"""test-alert: the message, where it goes, and what is said when nobody listens."""

from __future__ import annotations

import json

import boto3
import pytest
from click.testing import CliRunner
from moto import mock_aws

from bedrock_audit.cli import main

REGION = "eu-central-1"


def run(*arguments):
    return CliRunner().invoke(main, ["test-alert", *arguments])


def test_on_the_terminal_it_says_that_it_is_a_test():
    result = run("--to", "-")

    assert result.exit_code == 0
    assert "This is a test; nothing has happened" in result.stderr


def test_into_a_file_it_is_added(tmp_path):
    file = tmp_path / "alerts.txt"

    run("--to", str(file))
    run("--to", str(file))

    assert file.read_text().count("Subject: [info] violation: test by nobody") == 2


def test_without_a_target_it_asks_for_one():
    result = run()

    assert result.exit_code == 2
    assert "--to TARGET" in result.stderr


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    result = run("--to", str(tmp_path / "no" / "such" / "folder"))

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


@pytest.fixture
def account(monkeypatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "t", "AWS_SECRET_ACCESS_KEY": "t", "AWS_DEFAULT_REGION": REGION}.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        yield


@pytest.fixture
def stack(account):
    """A deployed stack as far as test-alert looks at it; a queue hears what the topic is told."""
    return Stack()


class Stack:
    def __init__(self, webhooks="slack-oncall"):
        self.sns = boto3.client("sns", region_name=REGION)
        self.sqs = boto3.client("sqs", region_name=REGION)
        self.topic = self.sns.create_topic(Name="alerts")["TopicArn"]
        self.postings = self.sqs.create_queue(QueueName="postings")["QueueUrl"]
        outputs = {
            **dict.fromkeys(
                ("FindingsTable", "UseCasesTable", "LedgerTable", "LogBucket", "Queue", "ParkedQueue"), "x"
            ),
            "Region": REGION,
            "AlertTopic": self.topic,
            "WebhookQueue": self.postings,
            "Webhooks": webhooks,
            "AlertEmails": "ana@example.com",
        }
        template = {"Resources": {}, "Outputs": {name: {"Value": value} for name, value in outputs.items()}}
        boto3.client("cloudformation", region_name=REGION).create_stack(
            StackName="BedrockAudit", TemplateBody=json.dumps(template)
        )

    def subscribe(self):
        queue = self.sqs.create_queue(QueueName="seen")["QueueUrl"]
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:seen")
        return queue

    def received(self, queue):
        return [json.loads(one["Body"]) for one in self.sqs.receive_message(QueueUrl=queue).get("Messages", [])]


def test_every_channel_of_a_deployment_is_told(stack):
    seen = stack.subscribe()

    result = run("--aws", "-o", "json")

    assert result.exit_code == 0, result.output
    assert [(row["channel"], row["state"]) for row in json.loads(result.stdout)] == [
        ("topic", "taken"),
        ("slack-oncall", "queued"),
        ("sqs", "confirmed"),
        ("email", "GONE"),
    ]
    (message,) = stack.received(seen)
    assert json.loads(message["Message"])["finding"]["title"] == "This is a test; nothing has happened"
    (posted,) = stack.received(stack.postings)
    assert posted["webhook"] == "slack-oncall"


def test_a_channel_that_refuses_keeps_no_other_from_being_tried(stack):
    seen = stack.subscribe()
    stack.sqs.delete_queue(QueueUrl=stack.postings)

    result = run("--aws")

    assert result.exit_code == 2
    assert "REFUSED" in result.stdout
    assert "GONE" in result.stdout
    assert "not every channel took it: slack-oncall (SendMessage: " in result.stderr
    assert len(stack.received(seen)) == 1


@pytest.mark.parametrize("webhooks", ["slack-oncall", ""])
def test_a_topic_that_nobody_listens_to_is_a_failure_unless_alarms_are_heard_elsewhere(account, webhooks):
    Stack(webhooks)

    result = run("--aws")

    assert result.exit_code == (0 if webhooks else 2)
    assert ("nobody has confirmed a subscription" in result.stderr) is not bool(webhooks)
