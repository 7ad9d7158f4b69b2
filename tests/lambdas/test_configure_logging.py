from __future__ import annotations

import http.server
import json
import threading

import boto3
import pytest

from bedrock_audit.aws.custom_resource import NEVER_MADE
from configure_logging import handler
from needs import ConfiguratorSettings
from settings import environment
from tests.lambdas.deployed import BUCKET, Context


@pytest.fixture
def ask(account, monkeypatch):
    """Sends requests as CloudFormation does and returns its answers."""
    answers = []

    class Takes(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    for name, value in environment(ConfiguratorSettings(memory_path="/bedrock-audit/BedrockAudit")).items():
        monkeypatch.setenv(name, value)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Takes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def request(kind, step, physical_id="", **properties):
            event = {
                "RequestType": step,
                "ResponseURL": f"http://127.0.0.1:{server.server_port}/",
                "StackId": "stack",
                "RequestId": "request",
                "LogicalResourceId": kind,
                "ResourceType": f"Custom::{kind}",
                "ResourceProperties": {"ServiceToken": "arn", **properties},
                **({"PhysicalResourceId": physical_id} if physical_id else {}),
            }
            handler(event, Context())
            return answers[-1]

        yield request
        server.shutdown()


def logged_to():
    found = boto3.client("bedrock").get_model_invocation_logging_configuration().get("loggingConfig")
    return found["s3Config"]["bucketName"] if found else None


def test_logging_is_established_and_released(ask):
    made = ask("BedrockLogging", "Create", Source="s3", Bucket=BUCKET, Prefix="")

    assert (made["Status"], made["PhysicalResourceId"], logged_to()) == ("SUCCESS", "bedrock-logging", BUCKET)
    gone = ask("BedrockLogging", "Delete", "bedrock-logging", Source="s3", Bucket=BUCKET)
    assert (gone["Status"], logged_to()) == ("SUCCESS", None)


def test_a_refusal_reaches_whoever_deploys(ask, account):
    account.s3.create_bucket(Bucket="theirs")
    theirs = {"s3Config": {"bucketName": "theirs"}, "textDataDeliveryEnabled": True}
    boto3.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=theirs)

    answer = ask("BedrockLogging", "Create", Source="s3", Bucket=BUCKET)

    assert answer["Status"] == "FAILED"
    assert "bedrock-audit:log-bucket=theirs" in answer["Reason"]
    assert logged_to() == "theirs"


def test_the_bucket_whose_events_were_switched_on_is_the_one_that_is_released(ask):
    """What the bucket answers is seen on the emulator; moto forgets an empty EventBridge configuration."""

    def remembered():
        return [found["Name"] for found in boto3.client("ssm").describe_parameters()["Parameters"]]

    made = ask("BucketEvents", "Create", Bucket=BUCKET)

    assert (made["Status"], made["PhysicalResourceId"]) == ("SUCCESS", BUCKET)
    assert remembered() == [f"/bedrock-audit/BedrockAudit/bucket-events/{BUCKET}"]
    gone = ask("BucketEvents", "Delete", BUCKET, Bucket="named since")
    assert (gone["Status"], remembered()) == ("SUCCESS", [])


def test_what_failed_half_way_is_released_though_it_was_never_made(ask):
    """CloudFormation deletes what could not be created, by the id that the failure was answered with."""
    ask("BucketEvents", "Create", Bucket=BUCKET)

    gone = ask("BucketEvents", "Delete", NEVER_MADE, Bucket=BUCKET)

    assert (gone["Status"], gone["PhysicalResourceId"]) == ("SUCCESS", NEVER_MADE)
    assert boto3.client("ssm").describe_parameters()["Parameters"] == []


def test_a_setting_that_is_missing_is_answered_too(ask, monkeypatch):
    """CloudFormation would wait for its answer for an hour."""
    monkeypatch.delenv("BEDROCK_AUDIT_MEMORY_PATH")

    answer = ask("BucketEvents", "Create", Bucket=BUCKET)

    assert answer["Status"] == "FAILED"
    assert "BEDROCK_AUDIT_MEMORY_PATH" in answer["Reason"]
