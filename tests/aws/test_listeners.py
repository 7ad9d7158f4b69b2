"""Who listens to a topic, and how often Bedrock says it was called."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedrock_audit.aws.alert_places import AlertPlaces
from bedrock_audit.aws.alert_probe import deployed_alerting
from bedrock_audit.aws.invocations import EVERY_MODEL, heard, invoked
from bedrock_audit.aws.subscriptions import State, Subscription, subscriptions, unheard
from bedrock_audit.coverage import Coverage, LedgerRow
from tests.builders import NOON
from tests.fakes import FakeLedger

HOUR = timedelta(hours=1)

ANA = Subscription(protocol="email", endpoint="ana@example.com", state=State.CONFIRMED)
BEN = Subscription(protocol="email", endpoint="ben@example.com", state=State.UNCONFIRMED)
EVE = Subscription(protocol="email", endpoint="eve@example.com", state=State.GONE)


def test_sns_says_who_has_confirmed():
    class Sns:
        def get_paginator(self, operation):
            assert operation == "list_subscriptions_by_topic"
            return self

        def paginate(self, TopicArn):  # noqa: N803 - the SDK's name
            yield {
                "Subscriptions": [{"Protocol": "email", "Endpoint": ANA.endpoint, "SubscriptionArn": "arn:aws:sns:x"}]
            }
            pending = {"Protocol": "email", "Endpoint": BEN.endpoint, "SubscriptionArn": "PendingConfirmation"}
            ended = {"Protocol": "email", "Endpoint": EVE.endpoint, "SubscriptionArn": "Deleted"}
            yield {"Subscriptions": [pending, ended]}

    assert subscriptions(Sns(), topic="t") == [ANA, BEN, EVE]


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        pytest.param([ANA], [], id="all well"),
        pytest.param([ANA, BEN], [("ben@example.com", State.UNCONFIRMED)], id="not confirmed"),
        pytest.param([BEN], [("ben@example.com", State.UNCONFIRMED), ("Ana@example.com", State.GONE)], id="gone"),
    ],
)
def test_who_should_be_told_and_is_not(found, missing):
    unheard_of = unheard(found, expected=["Ana@example.com"])

    assert [(one.endpoint, one.state) for one in unheard_of] == missing


def test_a_deployed_topic_is_known_with_everybody_who_listens(aws):
    topic = aws.client("sns").create_topic(Name="alerts")["TopicArn"]
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:eu-central-1:123456789012:seen")

    deployed = deployed_alerting(AlertPlaces(alert_topic=topic), aws, addresses=["ana@example.com"])

    assert (deployed.account, deployed.region) == ("123456789012", "eu-central-1")
    assert [(one.protocol, one.state) for one in deployed.subscriptions] == [
        ("sqs", State.CONFIRMED),
        ("email", State.GONE),
    ]
    assert [channel.name for channel in deployed.channels] == ["topic"]


class CloudWatch:
    """moto answers no search; this one knows when Bedrock was called, and tells it page by page."""

    def __init__(self, *calls):
        self.calls = calls

    def get_paginator(self, operation):
        assert operation == "get_metric_data"
        return self

    def paginate(self, *, MetricDataQueries, StartTime, EndTime):  # noqa: N803 - the SDK's names
        assert [query["Expression"] for query in MetricDataQueries] == [EVERY_MODEL]
        for call in self.calls:
            yield {"MetricDataResults": [{"Values": [2.0]}] if StartTime <= call < EndTime else []}


def test_calls_of_every_page_are_added_up():
    cloudwatch = CloudWatch(NOON - HOUR, NOON - 2 * HOUR, NOON - 9 * HOUR)

    assert invoked(cloudwatch, since=NOON - 6 * HOUR, until=NOON) == 4


def test_the_search_is_in_the_language_of_cloudwatch():
    assert EVERY_MODEL == """SUM(SEARCH('{AWS/Bedrock,ModelId} MetricName="Invocations"', 'Sum', 300))"""


@pytest.mark.parametrize(
    ("called", "audited", "is_silence"),
    [
        pytest.param([3 * HOUR], [], True, id="called, nothing audited"),
        pytest.param([3 * HOUR], [2 * HOUR], False, id="called and audited"),
        pytest.param([], [], False, id="not called"),
        pytest.param([3 * HOUR], [9 * HOUR], True, id="audited, but long ago"),
        pytest.param([HOUR / 6], [], False, id="called, but its log cannot be there yet"),
        pytest.param([9 * HOUR], [], False, id="called, but long ago"),
    ],
)
def test_silence_is_that_bedrock_was_called_and_nothing_was_audited(called, audited, is_silence):
    ledger = FakeLedger()
    for ago in audited:
        ledger.save(a_row(NOON - ago))

    found = heard(CloudWatch(*(NOON - ago for ago in called)), ledger, now=NOON, hours=6)

    assert found.is_silence is is_silence


def test_objects_without_a_record_are_no_sign_of_life():
    ledger = FakeLedger()
    ledger.save(a_row(NOON - HOUR, records=0))

    assert heard(CloudWatch(NOON - HOUR), ledger, now=NOON, hours=6).is_silence


def a_row(at, *, records=5):
    coverage = Coverage(records=records, audited=records)
    return LedgerRow(
        key=f"s3://b/{at:%H%M}", etag="1", engine_version="0", policy_version="0", audited_at=at, coverage=coverage
    )
