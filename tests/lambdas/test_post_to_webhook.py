"""From a queued posting to Slack: with the address in a secret, on a bad day too."""

from __future__ import annotations

import json

import boto3
import pytest

import post_to_webhook
from tests.builders import a_finding
from tests.channels.test_webhook import webhook
from tests.lambdas.alerting import Alerting
from tests.lambdas.deployed import Context, batch


@pytest.fixture
def alerting(account, monkeypatch):
    return Alerting(account, monkeypatch)


def addressed(alerting, url):
    boto3.client("secretsmanager").put_secret_value(SecretId=alerting.secret, SecretString=f"{url}\n")


def test_a_stored_finding_arrives_at_the_address_in_the_secret(alerting):
    alerting.stream(alerting.stored(a_finding()))

    with webhook((429, {"Retry-After": "0"}), (200, {})) as (url, bodies):
        addressed(alerting, url)
        answer = alerting.post()

    assert answer == {"batchItemFailures": []}
    assert len(bodies) == 2
    assert bodies[-1]["finding"]["clause"] == "disinformation"


def test_a_refusal_goes_back_to_the_queue_and_tells_nothing_of_the_address(alerting, told):
    alerting.stream(alerting.stored(a_finding()))

    with webhook((403, {})) as (url, _bodies):
        addressed(alerting, url)
        with pytest.raises(Exception, match="the webhook answered 403"):
            alerting.post()

    assert "127.0.0.1" not in told()
    assert "secret" not in told().replace("secretsmanager", "")


def test_an_address_that_was_changed_is_read_again_after_a_refusal(alerting):
    alerting.stream(*(alerting.stored(a_finding(id=f"v-{n}", account=str(n)), request_id=f"r{n}") for n in range(2)))
    bodies = alerting.posted()
    with webhook((404, {})) as (old, refused), webhook((200, {})) as (new, taken):
        addressed(alerting, old)
        with pytest.raises(Exception, match="404"):
            post(bodies[:1])
        addressed(alerting, new)
        post(bodies)

    assert (len(refused), len(taken)) == (1, 2)


def post(bodies):
    return post_to_webhook.handler(batch(*map(json.dumps, bodies)), Context())


def test_a_posting_for_a_webhook_that_is_gone_is_dropped_with_a_word(alerting, told):
    answer = post([{"webhook": "gone", "alert": None}])

    assert answer == {"batchItemFailures": []}
    assert "is not set any more" in told()
