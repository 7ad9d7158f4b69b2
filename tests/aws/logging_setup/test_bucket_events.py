from __future__ import annotations

import pytest

from bedrock_audit.aws.logging_setup.bucket_events import BucketEvents
from bedrock_audit.aws.logging_setup.memory import ParameterMemory
from tests.aws.logging_setup.account import Account

THEIRS = {
    "LambdaFunctionConfigurations": [{"Id": "theirs", "LambdaFunctionArn": "arn:l", "Events": ["s3:ObjectCreated:*"]}],
    "QueueConfigurations": [{"Id": "queue", "QueueArn": "arn:q", "Events": ["s3:ObjectRemoved:*"]}],
}


def events_of(account):
    return BucketEvents(account, memory=ParameterMemory(account, path="/bedrock-audit/BedrockAudit"))


def test_events_are_added_to_what_is_there():
    account = Account(notifications=THEIRS)

    events_of(account).establish("their-logs")

    assert account.notifications == {**THEIRS, "EventBridgeConfiguration": {}}


def test_what_was_added_goes_again_and_the_rest_stays():
    account = Account(notifications=THEIRS)
    events_of(account).establish("their-logs")
    account.notifications["TopicConfigurations"] = [{"Id": "newer"}]

    events_of(account).release("their-logs")

    assert account.notifications == {**THEIRS, "TopicConfigurations": [{"Id": "newer"}]}
    assert account.parameters == {}


def test_events_that_were_on_stay_on():
    account = Account(notifications={"EventBridgeConfiguration": {}})
    events_of(account).establish("their-logs")

    events_of(account).release("their-logs")

    assert (account.notifications, account.requests) == ({"EventBridgeConfiguration": {}}, [])


@pytest.mark.parametrize("times", [1, 2, 3])
def test_establishing_again_does_not_make_ours_look_like_theirs(times):
    account = Account()
    for _ in range(times):
        events_of(account).establish("their-logs")

    events_of(account).release("their-logs")

    assert account.notifications == {}


def test_a_bucket_that_was_never_touched_is_not_touched_at_the_end():
    account = Account(notifications={"EventBridgeConfiguration": {}})

    events_of(account).release("never-made")

    assert account.requests == []
