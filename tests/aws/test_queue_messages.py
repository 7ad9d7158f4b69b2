from __future__ import annotations

import json

import pytest

from bedrock_audit.aws.queue_messages import QueuedObject, UnknownMessageError, message, queued_object
from bedrock_audit.finding import Origin
from bedrock_audit.ports import LogObject
from tests.builders import NOON
from tests.log_lines import HOUR

KEY = f"{HOUR}/20261123T120000Z_ab.json.gz"


def s3_event(key=KEY, **more):
    """As EventBridge delivers it; taken from the S3 user guide."""
    found = {"key": key, "size": 5, "etag": "b57f9512698f4b09e608f4f2a65852e5", "sequencer": "0062E99A88DC407460"}
    detail = {"version": "0", "bucket": {"name": "their-logs"}, "object": found, "reason": "PutObject"}
    return json.dumps(
        {
            "version": "0",
            "id": "17793124-05d4-b198-2fde-7ededc63b103",
            "detail-type": "Object Created",
            "source": "aws.s3",
            "account": "123456789012",
            "time": "2026-11-23T12:00:00Z",
            "region": "us-east-1",
            "resources": ["arn:aws:s3:::their-logs"],
            "detail": detail,
            **more,
        }
    )


def test_an_s3_event_names_the_object_it_is_about():
    queued = queued_object(s3_event())

    assert queued.log == LogObject(
        name=f"s3://their-logs/{KEY}", etag="b57f9512698f4b09e608f4f2a65852e5", size=5, modified=NOON
    )
    assert (queued.origin, queued.is_redriven, queued.is_log) == (Origin.LIVE, False, True)


def test_keys_are_taken_as_they_are():
    assert queued_object(s3_event("a b%20+.json.gz")).log.name == "s3://their-logs/a b%20+.json.gz"


@pytest.mark.parametrize("key", [f"{HOUR}/data/r_input.json.gz", f"{HOUR}/amazon-bedrock-logs-permission-check"])
def test_what_only_lies_beside_the_logs_is_told_apart(key):
    assert not queued_object(s3_event(key)).is_log


@pytest.mark.parametrize("origin", Origin)
def test_our_own_messages_come_back_as_they_were_sent(origin):
    queued = QueuedObject(
        log=LogObject(name=f"s3://their-logs/{KEY}", etag="1", size=7, modified=NOON), origin=origin, is_redriven=True
    )

    assert queued_object(message(queued)) == queued


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("nothing at all", id="no JSON"),
        pytest.param("{}", id="an empty object"),
        pytest.param("[]", id="a list"),
        pytest.param('{"detail": {"bucket": {"name": "b"}}}', id="an event without an object"),
        pytest.param('{"Records": [{"s3": {"object": {"key": "k"}}}]}', id="a classic notification"),
    ],
)
def test_a_message_that_names_no_object_is_refused_without_being_quoted(body):
    with pytest.raises(UnknownMessageError) as refused:
        queued_object(body)

    assert body not in str(refused.value)
