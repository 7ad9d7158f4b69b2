"""The schedule's calls: the digest, and the summary of the day before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

import alert_wiring
import send_digest
from bedrock_audit.coverage import Coverage, LedgerRow
from tests.aws.test_alarm_events import an_alarm_event
from tests.builders import NOON, a_finding, a_use_case
from tests.lambdas.alerting import Alerting
from tests.lambdas.deployed import Context

MORNING = NOON.replace(day=24, hour=6, minute=15)


@pytest.fixture
def alerting(account, monkeypatch):
    return Alerting(account, monkeypatch)


def test_the_summary_of_yesterday_comes_once(alerting):
    alerting.stored(a_finding())
    row = LedgerRow(
        key="s3://b/k",
        etag="1",
        engine_version="0",
        policy_version="0",
        audited_at=NOON,
        coverage=Coverage(records=10, audited=9, unscanned=1),
        first=NOON,
        last=NOON,
    )
    alerting.stores.ledger.save(row)
    ends_soon = a_use_case(version=1, expires_at=NOON.date().replace(month=12, day=1))
    alerting.stores.use_cases.save(ends_soon, seen=alerting.stores.use_cases.registry())

    for _ in range(2):
        alerting.digest("daily", at=MORNING)

    (summary,) = alerting.received()
    assert (summary["kind"], summary["title"]) == ("daily", "Bedrock audit, 2026-11-23")
    assert summary["lines"] == [
        "Invocations: 9 of 10 audited",
        "Not audited: 0 unreadable, 1 unscanned",
        "Open findings: 1 high",
        "First seen that day: 1",
        "Approval or review due: loan-desk on 2026-12-01",
        "See more: bedrock-audit coverage --since 2026-11-23 --aws",
    ]


def test_the_summary_is_looked_for_every_hour_and_comes_when_the_channel_is_well(alerting):
    alerting.break_topic()
    with pytest.raises(ClientError, match="Publish"):
        alerting.digest("daily", at=MORNING)
    alerting.mend_topic()

    for hours in range(1, 24):
        alerting.digest("daily", at=MORNING + timedelta(hours=hours))

    assert [summary["title"] for summary in alerting.received()] == ["Bedrock audit, 2026-11-23"]
    (posted,) = alerting.posted()
    said = "Who gets alerts could not be looked up (sns:ListSubscriptionsByTopic: NotFound)"
    assert said in posted["digest"]["lines"]


def test_no_summary_is_made_that_everybody_has(alerting):
    alerting.digest("daily", at=MORNING)
    asked = []
    alert_wiring.dynamodb().meta.events.register("before-call.dynamodb.*", lambda model, **_: asked.append(model.name))

    alerting.digest("daily", at=MORNING)

    assert asked == ["BatchGetItem"]


def test_every_round_that_is_done_is_counted_for_the_alarm(alerting, told):
    alerting.digest("repeats", at=MORNING)
    alerting.digest("daily", at=MORNING)
    alerting.break_topic()
    with pytest.raises(ClientError):
        alerting.digest("daily", at=MORNING + timedelta(days=1))

    assert told().count('"RoundsDone":[1.0]') == 2


def test_who_should_get_alerts_and_does_not_is_named_and_counted(alerting, told):
    alerting.deployed(addresses=("ana@example.com",))

    alerting.digest("daily", at=MORNING)

    (summary,) = alerting.received()
    assert "Does not get alerts: email ana@example.com (GONE)" in summary["lines"]
    assert '"SubscriptionsUnconfirmed":[1.0],"SubscriptionsConfirmed":[1.0]' in told()


@pytest.fixture
def nobody(alerting):
    """A topic that nobody listens to."""
    for found in alerting.sns.list_subscriptions()["Subscriptions"]:
        alerting.sns.unsubscribe(SubscriptionArn=found["SubscriptionArn"])


@pytest.mark.parametrize(("webhooks", "missing"), [(("slack",), 0), ((), 1)], ids=["webhooks are used", "nothing else"])
def test_a_topic_without_listeners_matters_if_nobody_is_told_otherwise(alerting, nobody, told, webhooks, missing):
    alerting.deployed(webhooks=webhooks)

    alerting.digest("daily", at=MORNING)

    assert f'"SubscriptionsUnconfirmed":[{missing}.0]' in told()


@pytest.mark.parametrize("is_configured", [True, False], ids=["a chat", "a chat that is gone"])
def test_a_chat_that_listens_no_more_is_named(alerting, is_configured):
    chat = alerting.sns.create_topic(Name="chat")["TopicArn"]
    if is_configured:
        alerting.sns.subscribe(TopicArn=chat, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:seen")
    alerting.deployed(chat_topic=chat)

    alerting.digest("daily", at=MORNING)

    (posted,) = alerting.posted()
    said = "The chat gets no alerts: is its channel still configured in Amazon Q Developer?"
    assert (said in posted["digest"]["lines"]) is not is_configured


def test_a_channel_that_refuses_fails_the_run_and_hears_it_in_the_next(alerting):
    alerting.stream(*(alerting.stored(a_finding(id=f"v-{n}"), request_id=f"r{n}") for n in range(2)))
    alerting.received(), alerting.posted()
    alerting.break_topic()

    with pytest.raises(ClientError, match="Publish"):
        alerting.digest("repeats")
    alerting.mend_topic()
    alerting.digest("repeats")

    assert [message["kind"] for message in alerting.received()] == ["digest"]
    assert len(alerting.posted()) == 1


def test_an_alarm_of_the_pipeline_is_posted_to_webhooks_once_and_to_nobody_twice(alerting, told):
    for _ in range(2):
        send_digest.handler(an_alarm_event(), Context())

    assert [posted["digest"]["title"] for posted in alerting.posted()] == ["Pipeline alarm: AlertsLost"]
    assert alerting.received() == []
    assert "RoundsDone" not in told()


def test_an_alarm_that_never_rang_is_posted_to_nobody(alerting):
    send_digest.handler(an_alarm_event("OK", before="INSUFFICIENT_DATA"), Context())

    assert alerting.posted() == []


def test_an_hour_without_news_is_silent(alerting):
    alerting.digest("repeats", at=NOON)

    assert alerting.received() == []
