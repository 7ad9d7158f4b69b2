"""The AWS channels against moto: what a queue behind the topic gets, and what a busy bus answers."""

from __future__ import annotations

import json

import boto3
import pytest
from moto import mock_aws

from bedrock_audit.alerts.alert import alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.aws.alert_channels import EventBusChannel, TopicChannel
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Severity
from tests.builders import a_finding

REGION = "eu-central-1"


@pytest.fixture
def aws(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.Session(region_name=REGION)


@pytest.fixture
def topic(aws):
    """A topic with two queues behind it: one for everything, one that filters for critical findings."""
    sns, sqs = aws.client("sns"), aws.client("sqs")
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    queues = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("all", "critical")}
    for name, filter_policy in (("all", {}), ("critical", {"severity": ["critical"]})):
        queue = sqs.get_queue_attributes(QueueUrl=queues[name], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(
            TopicArn=arn,
            Protocol="sqs",
            Endpoint=queue,
            Attributes={"FilterPolicy": json.dumps(filter_policy)} if filter_policy else {},
        )

    def received(name):
        messages = sqs.receive_message(QueueUrl=queues[name], MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(message["Body"]) for message in messages]

    return TopicChannel(sns, topic=arn), received


def test_a_program_behind_the_topic_gets_the_alert_as_json(topic):
    channel, received = topic

    channel.page(alert(a_finding()))

    (notification,) = received("all")
    message = json.loads(notification["Message"])
    assert message["schema"] == "bedrock-audit/alert/1"
    assert message["finding"]["id"] == a_finding().id
    assert notification["Subject"].startswith("[high] violation: disinformation")


def test_subscribers_filter_by_what_an_alert_is_about(topic):
    channel, received = topic

    channel.page(alert(a_finding()))
    channel.page(alert(a_finding(id="v-2", severity=Severity.CRITICAL)))

    assert [json.loads(each["Message"])["finding"]["id"] for each in received("critical")] == ["v-2"]


def test_a_digest_reaches_the_topic_too(topic):
    channel, received = topic

    channel.tell(Digest(title="Bedrock audit digest", lines=("one", "two")))

    (notification,) = received("all")
    assert json.loads(notification["Message"]) == {"title": "Bedrock audit digest", "lines": ["one", "two"]}


def test_an_event_carries_the_alert_to_integrations(aws):
    events, logs = aws.client("events"), aws.client("logs")
    logs.create_log_group(logGroupName="/aws/events/seen")
    events.put_rule(Name="seen", EventPattern=json.dumps({"source": ["bedrock-audit"]}))
    group = f"arn:aws:logs:{REGION}:123456789012:log-group:/aws/events/seen"
    events.put_targets(Rule="seen", Targets=[{"Id": "log", "Arn": group}])

    EventBusChannel(events, bus="default").page(alert(a_finding()))

    (event,) = logs.filter_log_events(logGroupName="/aws/events/seen")["events"]
    assert json.loads(event["message"])["detail"]["finding"]["clause"] == "disinformation"


def test_an_event_that_the_bus_refuses_is_an_error():
    class BusyBus:
        def put_events(self, Entries):  # noqa: N803 - the SDK's name
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException"}]}

    with pytest.raises(BedrockAuditError, match="ThrottlingException"):
        EventBusChannel(BusyBus(), bus="default").page(alert(a_finding()))
