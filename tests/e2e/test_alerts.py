"""From an object in the log bucket to a message on every channel, through stream, queue and secret; and only once.

The emulator repeats a batch of the stream only if all of it failed; tests/lambdas has the batches of which one fails.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.channels.test_webhook import webhook
from tests.e2e.assembly import deploy
from tests.e2e.listeners import behind_bus, behind_topic
from tests.e2e.pipeline import Pipeline, until
from tests.e2e.roles import without
from tests.log_lines import LENDING, line


@pytest.fixture(scope="module")
def slack():
    """A Slack that is busy at first."""
    with webhook((429, {"Retry-After": "1"}), (200, {})) as (url, bodies):
        yield f"{url}#slack", bodies


@pytest.fixture(scope="module")
def told(emulator, slack, tmp_path_factory):
    """A stack of its own with a webhook and a bus."""
    secret = emulator.client("secretsmanager").create_secret(Name="slack", SecretString=slack[0])["ARN"]
    folder = tmp_path_factory.mktemp("alerts")
    return Pipeline(
        deploy(
            emulator,
            folder,
            stack_name="Alerts",
            configure_logging=False,
            webhook_secrets=secret,
            event_bus="default",
        )
    )


@pytest.fixture(scope="module")
def topic(told):
    return behind_topic(told.deployed, "behind-topic")


@pytest.fixture(scope="module")
def bus(told):
    return behind_bus(told.emulator, "behind-bus")


def put(told, role, *numbers):
    """Calls of a role whose use nobody has approved."""
    return told.put(role, *(line(LENDING, request_id=f"{role}-{number}", role=role) for number in numbers or (1,)))


def invoke(told, path, **event):
    """A function of the stack, called as its schedule calls it."""
    answer = asked(told, path, **event)
    assert "FunctionError" not in answer, answer["Payload"].read()


def asked(told, path, **event):
    """What the function answers."""
    lambda_ = told.emulator.client("lambda")
    return lambda_.invoke(FunctionName=told.deployed.at(f"{path}/Function"), Payload=json.dumps(event))


def slack_about(slack, role):
    return [body for body in slack[1] if f"role/{role}" in body["text"]]


def test_a_finding_reaches_every_channel_once(told, topic, bus, slack):
    put(told, "everywhere")

    (message,) = topic.about("everywhere")
    (event,) = bus.about("everywhere")
    posted = until(lambda: slack_about(slack, "everywhere")[1:])

    assert (message["cause"], message["finding"]["domain"]) == ("new", "lending")
    assert message["command"].endswith(" --aws --region us-east-1 --stack Alerts")
    assert event == message
    assert "unapproved-use: lending" in posted[0]["blocks"][0]["text"]["text"]
    assert len(slack_about(slack, "everywhere")) == 2, "one refused with 429, one taken"
    assert "Approve or decline" not in json.dumps([message, event, *slack[1]])


def test_what_comes_up_again_waits_for_the_digest(told, topic):
    put(told, "repeated")
    topic.about("repeated")
    again = told.put("repeated-again", *(line(LENDING, request_id=f"again-{n}", role="repeated") for n in range(3)))
    told.audited(again)
    until(lambda: told.about("repeated").occurrences == 4)

    def summed():
        invoke(told, "Rounds/SendDigest", digest="repeats", at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
        found = [one for one in topic.everything() if one.get("kind") == "digest"]
        return [line for one in found for line in one["lines"] if "role/repeated" in line]

    (told_line,) = until(summed)
    assert told_line.endswith("1 again, 3 occurrences")
    assert len(topic.about("repeated")) == 1


def test_an_alert_that_the_topic_refuses_comes_when_it_is_well_again(told, topic, bus):
    with without(told.deployed, "Sender/AlertOnFinding", "sns:Publish"):
        put(told, "refused")
        bus.about("refused")

    assert len(topic.about("refused")) == 1
    assert len(bus.about("refused")) == 1


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("dynamodb:BatchGetItem", "Store/Ledger"),
        ("dynamodb:PutItem", "Store/Ledger"),
        ("dynamodb:UpdateItem", "Store/Ledger"),
        ("sqs:SendMessage", "Postings"),
        ("events:PutEvents", ""),
    ],
)
def test_the_sender_says_what_it_may_not_do_and_tells_once_when_it_may(told, topic, action, on):
    role, log = f"denied-{action.partition(':')[2].lower()}", told.emulator.log
    start = len(log.read_text())
    place = told.deployed.at(on) if "/" in on else on

    def complained():
        lines = log.read_text()[start:].splitlines()
        return [one for one in lines if "An alert could not be sent" in one and action.lower() in one.lower()]

    with without(told.deployed, "Sender/AlertOnFinding", action, on=place):
        put(told, role)
        until(complained)

    assert len(topic.about(role)) == 1


@pytest.mark.parametrize(
    ("action", "on"),
    [("dynamodb:Query", "Store/Findings"), ("dynamodb:PutItem", "Store/Ledger"), ("sns:Publish", "")],
)
def test_a_summary_that_may_not_be_made_or_sent_fails_and_says_why(told, action, on):
    """Each on a day of its own: what has been told is not made again."""
    due = datetime.now(UTC) + timedelta(days=30 + len(action))

    with without(told.deployed, "Rounds/SendDigest", action, on=told.deployed.at(on) if on else ""):
        answer = asked(told, "Rounds/SendDigest", digest="daily", at=due.isoformat())

    assert "FunctionError" in answer
    assert action.lower() in answer["Payload"].read().decode().lower()


def test_stopped_between_store_and_alert_it_still_comes_and_once(told, topic):
    """The function is switched off, which is what a crash right after the write amounts to."""
    lambda_ = told.emulator.client("lambda")
    function = told.deployed.at("Sender/AlertOnFinding/Function")
    (mapping,) = lambda_.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    lambda_.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    told.audited(put(told, "stopped"))
    assert told.about("stopped").occurrences == 1

    lambda_.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    assert len(topic.about("stopped")) == 1


@pytest.mark.parametrize(
    ("path", "event"),
    [
        ("Rounds/SendDigest", {"digest": "daily"}),
        ("Rounds/KeepWatch", {"watch": "silence"}),
        ("Rounds/KeepWatch", {"watch": "reviews", "days": 2}),
    ],
    ids=["summary", "silence", "reviews"],
)
def test_every_round_may_do_what_it_does(told, path, event):
    invoke(told, path, **event, at=datetime.now(UTC).isoformat())


def test_the_summary_of_the_day_arrives(told, topic):
    invoke(told, "Rounds/SendDigest", digest="daily", at=(datetime.now(UTC) + timedelta(days=1)).isoformat())

    summary = topic.of_kind("daily")
    assert any(line.startswith("Open findings: ") for line in summary["lines"])
