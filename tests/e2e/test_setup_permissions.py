"""Each permission of the logging set-up and of the landing is taken away in turn: what is missing reaches who asks."""

from __future__ import annotations

import base64
import gzip
import http.server
import json
import threading
from contextlib import contextmanager

import pytest

from tests.e2e.assembly import deploy
from tests.e2e.emulator import running
from tests.e2e.roles import without
from tests.log_lines import line

CONFIGURATOR, LANDER = "Logging/ConfigureLogging", "LogGroup/LandLogEvents"
BUCKET, LOG_GROUP = "their-logs", "bedrock/all"
LOGGING = {"ResourceType": "Custom::BedrockLogging", "ResourceProperties": {"Source": "s3", "Bucket": BUCKET}}
EVENTS = {"ResourceType": "Custom::BucketEvents", "ResourceProperties": {"Bucket": BUCKET}}
IDS = {"Custom::BedrockLogging": "bedrock-logging", "Custom::BucketEvents": BUCKET}


@pytest.fixture(scope="module")
def account():
    """An account of its own, with a bucket and a log group that were there before."""
    with running() as emulator:
        emulator.client("s3").create_bucket(Bucket=BUCKET)
        emulator.client("logs").create_log_group(logGroupName=LOG_GROUP)
        yield emulator


@pytest.fixture(scope="module")
def deployed(account, tmp_path_factory):
    return deploy(account, tmp_path_factory.mktemp("setup"), log_bucket=BUCKET)


@contextmanager
def cloudformation():
    """The address at which CloudFormation takes answers, and the answers."""
    answers = []

    class Takes(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            answers.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Takes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", answers
        server.shutdown()


def invoke(deployed, path, event):
    functions = deployed.emulator.client("lambda")
    answer = functions.invoke(FunctionName=deployed.at(f"{path}/Function"), Payload=json.dumps(event))
    return json.loads(answer["Payload"].read() or "null")


def ask(deployed, resource, step):
    """What CloudFormation is answered when it asks for a step."""
    with cloudformation() as (url, answers):
        request = {
            **resource,
            "RequestType": step,
            "ResponseURL": url,
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "resource",
            "PhysicalResourceId": IDS[resource["ResourceType"]],
        }
        invoke(deployed, CONFIGURATOR, request)
        return answers[0]


def switch_pictures_off(account):
    """Somebody's change, which the next update of the stack mends."""
    bedrock = account.client("bedrock")
    found = bedrock.get_model_invocation_logging_configuration()["loggingConfig"]
    changed = {**found, "imageDataDeliveryEnabled": False}
    bedrock.put_model_invocation_logging_configuration(loggingConfig=changed)


def from_the_start(account, deployed, resource, step):
    """As when the stack was made in an account that logs nothing, or, for a creation, right before it."""
    ask(deployed, resource, "Delete")
    account.client("bedrock").delete_model_invocation_logging_configuration()
    if step != "Create":
        ask(deployed, resource, "Create")


@pytest.mark.parametrize(
    ("resource", "step", "action", "on"),
    [
        *((LOGGING, "Update", f"bedrock:{verb}ModelInvocationLoggingConfiguration", "*") for verb in ("Get", "Put")),
        (LOGGING, "Delete", "bedrock:DeleteModelInvocationLoggingConfiguration", "*"),
        *((LOGGING, "Update", f"ssm:{verb}Parameter", "/bedrock-logging") for verb in ("Get", "Put")),
        (LOGGING, "Delete", "ssm:DeleteParameter", "/bedrock-logging"),
        (EVENTS, "Update", "s3:GetBucketNotification", BUCKET),
        (EVENTS, "Delete", "s3:PutBucketNotification", BUCKET),
        (EVENTS, "Update", "ssm:GetParameter", "/bucket-events/"),
        (EVENTS, "Create", "ssm:PutParameter", "/bucket-events/"),
        (EVENTS, "Delete", "ssm:DeleteParameter", "/bucket-events/"),
    ],
    ids=lambda value: value if isinstance(value, str) else value["ResourceType"],
)
def test_the_set_up_says_what_it_may_not_do(deployed, resource, step, action, on):
    account = deployed.emulator
    from_the_start(account, deployed, resource, step)
    if action.startswith("bedrock:Put"):
        switch_pictures_off(account)

    with without(deployed, CONFIGURATOR, action, on=on):
        answer = ask(deployed, resource, step)

    assert (answer["Status"], action in answer["Reason"]) == ("FAILED", True), answer
    assert ask(deployed, resource, "Create")["Status"] == "SUCCESS"


def test_the_landing_says_what_it_may_not_do(account, tmp_path):
    landing = deploy(
        account, tmp_path, stack_name="Landing", log_source="cloudwatch", log_group=LOG_GROUP, configure_logging=False
    )
    sent = {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": LOG_GROUP,
        "logEvents": [{"id": "1", "timestamp": 1_700_000_000_000, "message": line()}],
    }
    event = {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(sent).encode())).decode()}}

    with without(landing, LANDER, "s3:PutObject"):
        refused = invoke(landing, LANDER, event)

    assert "s3:PutObject on arn:aws:s3:::" in refused["errorMessage"]
    assert invoke(landing, LANDER, event) is None
