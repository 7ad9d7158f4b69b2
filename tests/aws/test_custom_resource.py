from __future__ import annotations

import http.server
import json
import threading

import msgspec
import pytest

from bedrock_audit.aws.custom_resource import NEVER_MADE, ResourceRequest, Step, answered, patiently
from bedrock_audit.aws.permissions import RefusedError
from bedrock_audit.errors import ConfigurationError

EVENT = {
    "RequestType": "Create",
    "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:f",
    "ResponseURL": "https://cloudformation.example/signed",
    "StackId": "arn:stack",
    "RequestId": "request-1",
    "LogicalResourceId": "Logging",
    "ResourceType": "Custom::BedrockLogging",
    "ResourceProperties": {"ServiceToken": "arn", "Source": "s3"},
}


def request(**more):
    return msgspec.convert({**EVENT, **more}, ResourceRequest)


def answers_to(asked, work):
    sent = []
    try:
        answered(asked, work, send=lambda url, body: sent.append((url, json.loads(body))))
    except RuntimeError as error:
        sent.append(str(error))
    return sent


def test_what_was_made_is_answered_with_its_id():
    ((url, answer),) = answers_to(request(), lambda: "made-1")

    assert url == EVENT["ResponseURL"]
    assert answer == {
        "Status": "SUCCESS",
        "Reason": "",
        "StackId": "arn:stack",
        "RequestId": "request-1",
        "LogicalResourceId": "Logging",
        "PhysicalResourceId": "made-1",
    }


def test_a_refusal_is_told_in_its_own_words():
    def refuse():
        raise ConfigurationError("set something else", source="Bedrock")

    ((_, answer),) = answers_to(request(), refuse)

    assert (answer["Status"], answer["Reason"]) == ("FAILED", "Bedrock: set something else")
    assert answer["PhysicalResourceId"] == NEVER_MADE


def test_trouble_is_told_and_raised():
    def fail():
        raise RuntimeError("out of luck")

    (_, answer), raised = answers_to(request(RequestType="Update", PhysicalResourceId="made-1"), fail)

    assert (answer["Status"], answer["Reason"]) == ("FAILED", "RuntimeError: out of luck")
    assert (answer["PhysicalResourceId"], raised) == ("made-1", "out of luck")


def test_a_reason_is_never_longer_than_cloudformation_takes():
    def fail():
        raise ConfigurationError("x" * 10_000, source="Bedrock")

    ((_, answer),) = answers_to(request(), fail)

    assert len(answer["Reason"]) == 1000


class Spreading:
    """Work that is refused a number of times, as by a role that was made just now."""

    def __init__(self, refusals, error=RefusedError):
        self.refusals = refusals
        self.error = error
        self.slept = []

    def __call__(self):
        if self.refusals:
            self.refusals -= 1
            raise self.error("bedrock:Get on configuration is refused", source="permissions")
        return "made-1"

    def done(self, *, seconds=60):
        return patiently(self, seconds=seconds, sleep=self.slept.append)


def test_a_permission_that_has_not_spread_yet_is_waited_for():
    work = Spreading(3)

    assert (work.done(), work.slept) == ("made-1", [5, 5, 5])


def test_a_permission_that_is_missing_is_told_in_the_end():
    work = Spreading(1000)

    with pytest.raises(RefusedError, match="bedrock:Get on"):
        work.done()

    assert sum(work.slept) == 60


def test_what_waiting_does_not_mend_is_told_at_once():
    work = Spreading(1, error=ConfigurationError)

    with pytest.raises(ConfigurationError):
        work.done()

    assert work.slept == []


@pytest.mark.parametrize("step", Step)
def test_every_step_is_understood(step):
    assert request(RequestType=step.value).request_type is step


class CloudFormation(http.server.BaseHTTPRequestHandler):
    """Takes answers as CloudFormation's signed URL does, which allows no content type."""

    answers = []

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answers.append((self.headers["Content-Type"], json.loads(body)["Status"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_the_answer_is_put_to_the_signed_url():
    with http.server.HTTPServer(("127.0.0.1", 0), CloudFormation) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()

        answered(request(ResponseURL=f"http://127.0.0.1:{server.server_port}/"), lambda: "made-1")

    assert CloudFormation.answers == [("", "SUCCESS")]
