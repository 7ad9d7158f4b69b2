"""The AWS channels against moto: what a queue behind the topic gets, and what a busy bus answers."""

from __future__ import annotations

import json

import pytest

from bedrock_audit.alerts.alert import alert
from bedrock_audit.alerts.digest import Digest, Kind
from bedrock_audit.aws.alert_channels import ChatChannel, EventBusChannel, TopicChannel
from bedrock_audit.aws.alert_places import CHANNELS, AlertPlaces, channels
from bedrock_audit.aws.webhook_queue import QueuedWebhook, UnknownPostingError, posting, webhook_address, webhook_name
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Severity
from tests.alerts.fakes import FakeChannel
from tests.builders import a_finding

REGION = "eu-central-1"
DIGEST = Digest(kind=Kind.REPEATS, title="Bedrock audit digest", lines=("one", "two"))


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


def test_a_digest_reaches_the_topic_too_but_not_who_asks_for_the_worst_only(topic):
    channel, received = topic

    channel.tell(DIGEST)

    (notification,) = received("all")
    message = json.loads(notification["Message"])
    assert (message["kind"], message["lines"]) == ("digest", ["one", "two"])
    assert received("critical") == []


def test_a_storm_reaches_who_asks_for_its_severity(topic):
    channel, received = topic

    channel.tell(Digest(kind=Kind.STORM, title="Alert storm", lines=(), severity=Severity.CRITICAL))

    assert len(received("critical")) == 1


def test_each_protocol_gets_what_it_can_show():
    class Topic:
        def publish(self, **published):
            self.published = published

    sns = Topic()

    TopicChannel(sns, topic="t").page(alert(a_finding(principal="arn:aws:iam::1:role/\uffff\u4e00")))

    bodies = json.loads(sns.published["Message"])
    assert sns.published["MessageStructure"] == "json"
    assert set(bodies) == {"default", "email", "sms"}
    assert bodies["email"].startswith("A new finding.")
    assert json.loads(bodies["default"])["finding"]["principal"].endswith("\uffff\u4e00")
    assert bodies["default"].isascii()
    assert len(bodies["sms"]) <= 140


def test_a_chat_gets_the_schema_of_the_chat(aws):
    sns, sqs = aws.client("sns"), aws.client("sqs")
    topic = sns.create_topic(Name="chat")["TopicArn"]
    queue = sqs.create_queue(QueueName="seen")["QueueUrl"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:seen")

    ChatChannel(sns, topic=topic).page(alert(a_finding()))
    ChatChannel(sns, topic=topic).tell(DIGEST)

    bodies = [
        json.loads(one["Body"]) for one in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    ]
    assert [json.loads(body["Message"])["source"] for body in bodies] == ["custom", "custom"]


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


@pytest.fixture
def queue(aws):
    return aws.client("sqs").create_queue(QueueName="postings")["QueueUrl"]


@pytest.mark.parametrize(
    "tell",
    [lambda channel: channel.page(alert(a_finding(principal="\uffff"))), lambda channel: channel.tell(DIGEST)],
    ids=["alert", "digest"],
)
def test_what_a_webhook_is_told_passes_through_the_queue_unchanged(aws, queue, tell):
    sqs, heard = aws.client("sqs"), FakeChannel()
    tell(direct := FakeChannel())

    tell(QueuedWebhook(sqs, queue=queue, name="slack"))

    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    posted = posting(message["Body"])
    posted.post(heard)
    assert posted.webhook == "slack"
    assert (heard.pages, heard.digests) == (direct.pages, direct.digests)


@pytest.mark.parametrize("body", ["", "{}", '{"alert": 1}'])
def test_what_nobody_here_has_queued_is_no_posting(body):
    with pytest.raises(UnknownPostingError):
        posting(body)


@pytest.mark.parametrize(
    ("secret", "address"),
    [
        ("https://a.example/x\n", "https://a.example/x"),
        ('{"url": "https://a.example/x"}', "https://a.example/x"),
        ('{"one": "https://a.example/x", "two": "https://b.example/x"}', ""),
        ('{"url": {"deep": 1}}', '{"url": {"deep": 1}}'),
    ],
    ids=["alone", "from the console", "two of them", "something else"],
)
def test_the_address_of_a_webhook_is_found_in_its_secret(secret, address):
    """What is no address is refused where the channel is made, by the secret's name."""
    assert webhook_address(secret) == address


@pytest.mark.parametrize("name", ["slack", "bedrock-audit/slack-oncall", "my-secret"])
def test_a_webhook_is_called_like_its_secret(name):
    assert webhook_name(f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{name}-AbC123") == name


def test_a_deployment_has_the_channels_of_its_places(aws, queue):
    whole = AlertPlaces(
        alert_topic="t", chat_topic="c", event_bus="default", webhook_queue=queue, webhooks=("slack", "teams")
    )

    assert [channel.name for channel in channels(whole, aws)] == ["topic", "chat", "bus", "slack", "teams"]
    assert whole.names == CHANNELS | {"slack", "teams"}
    assert [channel.name for channel in channels(AlertPlaces(alert_topic="t"), aws)] == ["topic"]
    assert AlertPlaces(alert_topic="t").names == {"topic"}
