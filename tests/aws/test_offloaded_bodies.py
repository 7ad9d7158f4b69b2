from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from bedrock_audit.aws import offloaded_bodies
from bedrock_audit.aws.offloaded_bodies import S3Bodies
from bedrock_audit.normalise.bodies import Unresolved
from tests.builders import NOON

PLACES = ("s3://audited/AWSLogs/",)
BODY = "s3://audited/AWSLogs/data/r_input.json.gz"


@pytest.fixture
def s3():
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        for bucket in ("audited", "others"):
            client.create_bucket(Bucket=bucket)
        yield client


class Waiting:
    """A clock that only sleeping moves on; what is planned for a time happens when it has come."""

    def __init__(self, *, planned=None):
        self.now = NOON
        self.sleeps = 0
        self._planned = planned or {}

    def sleep(self, seconds):
        self.sleeps += 1
        self.now += timedelta(seconds=seconds)
        for after in [after for after in self._planned if self.now >= NOON + timedelta(seconds=after)]:
            self._planned.pop(after)()


def bodies(s3, *, waiting=None, patience=0):
    waiting = waiting or Waiting()
    until = NOON + timedelta(seconds=patience) if patience else None
    return S3Bodies(s3, places=PLACES, wait_until=until, clock=lambda: waiting.now, sleep=waiting.sleep)


def test_a_body_in_an_allowed_place_is_fetched_as_it_is_stored(s3):
    s3.put_object(Bucket="audited", Key="AWSLogs/data/r_input.json.gz", Body=b"\x1f\x8b stored")

    assert bodies(s3).fetched(BODY) == b"\x1f\x8b stored"


@pytest.mark.parametrize(
    "uri",
    [
        pytest.param("s3://others/AWSLogs/data/r_input.json.gz", id="another bucket"),
        pytest.param("s3://audited/private/r_input.json.gz", id="another prefix"),
        pytest.param("s3://audited-of-others/AWSLogs/r", id="a bucket whose name begins alike"),
        pytest.param("s3://audited", id="no key"),
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("https://audited/AWSLogs/", id="a web address"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_body_anywhere_else_is_never_asked_for(uri):
    no_client = object()

    assert bodies(no_client).fetched(uri).reason == "outside-allowed-places"


def test_a_body_that_comes_later_is_waited_for(s3):
    def arrives():
        s3.put_object(Bucket="audited", Key="AWSLogs/data/r_input.json.gz", Body=b"late")

    assert bodies(s3, waiting=Waiting(planned={40: arrives}), patience=90).fetched(BODY) == b"late"


def test_a_body_that_never_comes_is_given_up_after_the_latest_arrival_and_no_second_later(s3):
    """The time after it belongs to whoever writes down what was found."""
    waiting = Waiting()

    found = bodies(s3, waiting=waiting, patience=88).fetched(BODY)

    assert found == Unresolved(reason="not-found", detail="the body is not there")
    assert waiting.now - NOON == timedelta(seconds=88)


def test_the_second_missing_body_of_an_object_costs_no_more_waiting(s3):
    waiting = Waiting()
    its = bodies(s3, waiting=waiting, patience=90)
    its.fetched(BODY)
    sleeps = waiting.sleeps

    its.fetched(BODY + "2")

    assert waiting.sleeps == sleeps


def test_nothing_is_waited_for_in_old_logs(s3):
    waiting = Waiting()

    assert bodies(s3, waiting=waiting).fetched(BODY).reason == "not-found"
    assert waiting.sleeps == 0


class AnsweringS3:
    """Answers a request for a body with the error or the size it is given."""

    def __init__(self, *, code="", size=0):
        self._code = code
        self._size = size

    def get_object(self, **_asked):
        if self._code:
            raise ClientError({"Error": {"Code": self._code}}, "GetObject")
        return {"ContentLength": self._size, "Body": self}

    def read(self):
        raise AssertionError("a body that is too large must not be read")

    def close(self):
        pass


def test_a_body_that_may_not_be_read_says_so():
    assert bodies(AnsweringS3(code="AccessDenied")).fetched(BODY).reason == "access-denied"


def test_a_body_beyond_the_limit_is_not_read():
    assert bodies(AnsweringS3(size=offloaded_bodies.LARGEST + 1)).fetched(BODY).reason == "too-large"


def test_trouble_of_another_kind_is_left_to_the_retry():
    with pytest.raises(ClientError):
        bodies(AnsweringS3(code="SlowDown")).fetched(BODY)
