from __future__ import annotations

import base64
import gzip
import json

import boto3
import pytest
from moto import mock_aws

from bedrock_audit.aws.log_keys import is_log_object
from bedrock_audit.aws.log_landing import delivery, landed
from bedrock_audit.decode import decode
from tests.log_lines import LENDING, line

BUCKET = "landing"


@pytest.fixture
def s3():
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.create_bucket(Bucket=BUCKET)
        yield client


def sent(*messages, message_type="DATA_MESSAGE"):
    """What a subscription hands to a function (`event["awslogs"]["data"]`)."""
    events = [
        {"id": f"{number:056d}", "timestamp": 1795435200000 + number, "message": text}
        for number, text in enumerate(messages)
    ]
    body = {
        "messageType": message_type,
        "owner": "123456789012",
        "logGroup": "bedrock/all",
        "logStream": "aws/bedrock/modelinvocations",
        "subscriptionFilters": ["all"],
        "logEvents": events,
    }
    return delivery(base64.b64encode(gzip.compress(json.dumps(body).encode())).decode())


def land(s3, arrived, *, prefix=""):
    return landed(arrived, s3, bucket=BUCKET, log_prefix=prefix)


def test_events_become_a_log_object_where_bedrock_would_have_put_it(s3):
    key = land(s3, sent(line(), line(LENDING)), prefix="landed/")

    assert key.startswith("landed/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/11/23/12/20261123T12")
    assert is_log_object(key)


def test_every_event_is_a_line_the_reader_reads(s3):
    messages = [line(request_id="a"), json.dumps(json.loads(line(LENDING, request_id="b")), indent=1)]

    key = land(s3, sent(*messages))

    stored = s3.get_object(Bucket=BUCKET, Key=key)["Body"]
    entries = list(decode(stored, key))
    assert [json.loads(entry.data)["requestId"] for entry in entries] == ["a", "b"]
    assert [entry.source.line for entry in entries] == [1, 2]


def test_a_delivery_that_comes_twice_is_one_object_written_once(s3):
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    keys = {land(s3, sent(line())) for _ in range(2)}

    assert len(keys) == 1
    assert len(s3.list_object_versions(Bucket=BUCKET)["Versions"]) == 1


def test_two_deliveries_of_the_same_second_are_two_objects(s3):
    assert land(s3, sent(line(), line())) != land(s3, sent(line()))


def test_a_control_message_carries_no_log(s3):
    assert land(s3, sent("CWL CONTROL MESSAGE: Checking health", message_type="CONTROL_MESSAGE")) is None
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
