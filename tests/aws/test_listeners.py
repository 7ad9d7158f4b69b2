"""Who listens to a topic, and how often Bedrock says it was called."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedrock_audit.aws.alert_places import AlertPlaces
from bedrock_audit.aws.alert_probe import deployed_alerting
from bedrock_audit.aws.invocations import EVERY_MODEL, invoked
from bedrock_audit.aws.subscriptions import State, Subscription, subscriptions, unheard
from tests.builders import NOON

ANA = Subscription(protocol="email", endpoint="ana@example.com", state=State.CONFIRMED)
BEN = Subscription(protocol="email", endpoint="ben@example.com", state=State.UNCONFIRMED)


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
            yield {"Subscriptions": [pending]}

    assert subscriptions(Sns(), topic="t") == [ANA, BEN]


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

    deployed = deployed_alerting(AlertPlaces(alert_topic=topic), aws)

    assert (deployed.account, deployed.region) == ("123456789012", "eu-central-1")
    assert [(one.protocol, one.is_confirmed) for one in deployed.subscriptions] == [("sqs", True)]
    assert [channel.name for channel in deployed.channels] == ["topic"]


def test_calls_of_every_model_in_every_page_are_added_up():
    class CloudWatch:
        def get_paginator(self, operation):
            assert operation == "get_metric_data"
            return self

        def paginate(self, **asked):
            self.asked = asked
            yield {"MetricDataResults": [{"Values": [3.0, 4.0]}, {"Values": [1.0]}]}
            yield {"MetricDataResults": [{"Values": []}]}

    cloudwatch = CloudWatch()

    assert invoked(cloudwatch, since=NOON - timedelta(hours=6), until=NOON) == 8
    (query,) = cloudwatch.asked["MetricDataQueries"]
    assert query["Expression"] == EVERY_MODEL
    assert (cloudwatch.asked["StartTime"], cloudwatch.asked["EndTime"]) == (NOON - timedelta(hours=6), NOON)


def test_the_search_is_cloudwatchs_own_language():
    """moto takes no expressions; this is the form of the documentation, quotes and all."""
    assert EVERY_MODEL == """SUM(SEARCH('{AWS/Bedrock,ModelId} MetricName="Invocations"', 'Sum', 300))"""
