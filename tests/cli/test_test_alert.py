"""test-alert: the message, where it goes, and what is said when nobody listens."""

from __future__ import annotations

import json

import boto3
import pytest
from click.testing import CliRunner
from moto import mock_aws

from bedrock_audit.aws.alert_probe import deployed_alerting
from bedrock_audit.cli import main


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
def sns(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("sns", region_name="eu-central-1")


def test_a_deployed_topic_is_known_with_everybody_who_listens(sns):
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    queue = boto3.client("sqs", region_name="eu-central-1").create_queue(QueueName="seen")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:seen")

    deployed = deployed_alerting(sns, topic=topic)
    deployed.channels[0].tell(_digest())

    assert (deployed.account, deployed.region) == ("123456789012", "eu-central-1")
    assert [(one.protocol, one.is_confirmed) for one in deployed.subscriptions] == [("sqs", True)]
    (message,) = boto3.client("sqs", region_name="eu-central-1").receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["title"] == "hello"


def _digest():
    from bedrock_audit.alerts.digest import Digest

    return Digest(title="hello", lines=())
