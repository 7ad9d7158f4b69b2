from __future__ import annotations

import base64
import gzip
import json

import pytest

from tests.builders import ACCOUNT
from tests.cli.deployed import BUCKET
from tests.cli.deployed import deployed_stack as deployed_stack  # noqa: PLC0414 - a fixture
from tests.log_lines import line

HOUR = "AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/11/23/12"


def park(deployed, *names):
    """Park events as EventBridge sent them."""
    for name in names:
        detail = {"bucket": {"name": "logs"}, "object": {"key": f"{HOUR}/{name}", "etag": "1", "size": 1}}
        deployed.sqs.send_message(QueueUrl=deployed.parked, MessageBody=json.dumps({"detail": detail}))


def left(deployed):
    found = deployed.sqs.get_queue_attributes(QueueUrl=deployed.parked, AttributeNames=["All"])["Attributes"]
    return int(found["ApproximateNumberOfMessages"])


def test_what_was_given_up_is_queued_again_with_a_mark(deployed_stack):
    park(deployed_stack, "a.json.gz", "b.json.gz")

    rows = deployed_stack.rows("redrive")

    queued = deployed_stack.waiting(deployed_stack.queue)
    assert {row["state"] for row in rows} == {"queued again"}
    assert {one.log.name for one in queued} == {f"s3://logs/{HOUR}/a.json.gz", f"s3://logs/{HOUR}/b.json.gz"}
    assert all(one.is_redriven for one in queued)
    assert left(deployed_stack) == 0


def test_a_dry_run_leaves_everything_where_it_is(deployed_stack):
    park(deployed_stack, "a.json.gz")

    rows = deployed_stack.rows("redrive", "--dry-run")

    assert [row["state"] for row in rows] == ["parked"]
    assert (left(deployed_stack), deployed_stack.waiting(deployed_stack.queue)) == (1, [])


def test_more_than_one_batch_comes_back(deployed_stack):
    park(deployed_stack, *(f"{number}.json.gz" for number in range(23)))

    assert len(deployed_stack.rows("redrive")) == 23


def test_a_limit_is_kept(deployed_stack):
    park(deployed_stack, "a.json.gz", "b.json.gz", "c.json.gz")

    assert len(deployed_stack.rows("redrive", "--limit", "2")) == 2
    assert len(deployed_stack.waiting(deployed_stack.queue)) == 2


@pytest.mark.parametrize(
    "body",
    [
        "no message of ours",
        "{}",
        '{"requestPayload": {"awslogs": {"data": "no base64!"}}}',
        '{"requestPayload": {"awslogs": {"data": "bm8gZ3ppcA=="}}}',
        '{"requestPayload": {"awslogs": {"data": "H4sIAAAAAAAA"}}}',
    ],
    ids=["no JSON", "no object", "no base64", "no gzip", "cut off"],
)
def test_a_message_that_names_no_object_is_shown_and_left(deployed_stack, body):
    deployed_stack.sqs.send_message(QueueUrl=deployed_stack.parked, MessageBody=body)

    (row,) = deployed_stack.rows("redrive")

    assert row["state"] == "names no log object; left"
    assert left(deployed_stack) == 1


def an_event(*messages):
    """What a subscription of a log group hands to its function."""
    events = [
        {"id": f"{number}", "timestamp": 1_795_000_000_000, "message": one} for number, one in enumerate(messages)
    ]
    sent = {"messageType": "DATA_MESSAGE", "owner": ACCOUNT, "logGroup": "bedrock/all", "logEvents": events}
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(sent).encode())).decode()}}


def park_events(deployed, *messages):
    """Park what the function's failure destination got (Lambda developer guide, "Capturing records")."""
    failure = {
        "version": "1.0",
        "requestContext": {"condition": "RetriesExhausted"},
        "requestPayload": an_event(*messages),
    }
    deployed.sqs.send_message(QueueUrl=deployed.parked, MessageBody=json.dumps(failure))


def test_events_that_could_not_be_put_into_the_bucket_are_put_there(deployed_stack):
    park_events(deployed_stack, line(request_id="a"), line(request_id="b"))

    (row,) = deployed_stack.rows("redrive")

    (found,) = deployed_stack.s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    body = deployed_stack.s3.get_object(Bucket=BUCKET, Key=found["Key"])["Body"].read()
    assert row == {"object": "events of bedrock/all", "state": "put into the log bucket"}
    assert [json.loads(one)["requestId"] for one in gzip.decompress(body).splitlines()] == ["a", "b"]
    assert (left(deployed_stack), deployed_stack.waiting(deployed_stack.queue)) == (0, [])


def test_events_that_were_only_looked_at_stay_parked(deployed_stack):
    park_events(deployed_stack, line())

    (row,) = deployed_stack.rows("redrive", "--dry-run")

    assert (row["state"], left(deployed_stack)) == ("parked", 1)
    assert "Contents" not in deployed_stack.s3.list_objects_v2(Bucket=BUCKET)


def test_nothing_given_up_is_said_in_words(deployed_stack):
    result = deployed_stack.run("redrive")

    assert (result.exit_code, result.stdout.strip()) == (0, "Nothing was given up.")


@pytest.mark.parametrize("command", ["redrive", "backfill"])
def test_help_teaches_by_example(deployed_stack, command):
    assert f"bedrock-audit {command}" in deployed_stack.run(command, "--help").stdout
