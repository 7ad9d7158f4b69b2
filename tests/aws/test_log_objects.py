from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from bedrock_audit.aws.log_objects import S3Logs, s3_place
from bedrock_audit.errors import ConfigurationError

BUCKET = "audited"


@pytest.fixture
def s3():
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        client.create_bucket(Bucket=BUCKET)
        yield client


def names(found):
    return [log.name.removeprefix(f"s3://{BUCKET}/") for log in found]


def test_a_bucket_lists_its_log_objects_and_nothing_else(s3):
    hour = "AWSLogs/1/BedrockModelInvocationLogs/us-east-1/2026/11/23/14"
    for key in (f"{hour}/b.json.gz", f"{hour}/a.json.gz", f"{hour}/data/r_input.json.gz", "elsewhere/c.json.gz"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")

    assert names(S3Logs(s3).listed(f"s3://{BUCKET}/AWSLogs/")) == [f"{hour}/a.json.gz", f"{hour}/b.json.gz"]


def test_a_listed_object_carries_what_tells_its_versions_apart(s3):
    s3.put_object(Bucket=BUCKET, Key="a.json", Body=b"12345")

    (log,) = S3Logs(s3).listed(f"s3://{BUCKET}/")

    assert (log.size, log.etag, log.modified.tzinfo is not None) == (5, "827ccb0eea8a706c4c34a16891f84e7b", True)


def test_a_listing_goes_on_after_a_key(s3):
    for key in ("a.json", "b.json", "c.json"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")

    assert names(S3Logs(s3).listed_after(f"s3://{BUCKET}/", after="a.json")) == ["b.json", "c.json"]


def test_an_object_named_in_full_is_taken_whatever_it_is_called(s3):
    key = "AWSLogs/1/BedrockModelInvocationLogs/us-east-1/2026/11/23/14/data/r_input.json.gz"
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")

    assert names(S3Logs(s3).listed(f"s3://{BUCKET}/{key}")) == [key]


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 35], ids=lambda size: f"{size} bytes in pieces of 10")
def test_an_object_is_read_whole_in_pieces(s3, size):
    content = bytes(range(size))
    s3.put_object(Bucket=BUCKET, Key="a", Body=content)

    with S3Logs(s3, piece=10).opened(f"s3://{BUCKET}/a") as stream:
        assert b"".join(iter(lambda: stream.read(7), b"")) == content


def test_an_object_that_changes_while_it_is_read_is_not_read_as_a_mixture(s3):
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"old" * 10)

    with S3Logs(s3, piece=10).opened(f"s3://{BUCKET}/a") as stream:
        stream.read(5)
        s3.put_object(Bucket=BUCKET, Key="a", Body=b"new" * 10)
        with pytest.raises(ClientError, match="PreconditionFailed"):
            stream.read()


def test_an_object_that_is_gone_is_an_error(s3):
    with S3Logs(s3).opened(f"s3://{BUCKET}/a") as stream, pytest.raises(ClientError, match="NoSuchKey"):
        stream.read()


class ForbiddingS3:
    """Refuses as AWS does."""

    def get_object(self, **_asked):
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no policy allows it"}}, "GetObject")


def test_a_refusal_names_the_action_and_the_resource():
    with (
        S3Logs(ForbiddingS3()).opened("s3://logs/day/a.json.gz") as stream,
        pytest.raises(ConfigurationError, match=r"s3:GetObject on arn:aws:s3:::logs/day/a\.json\.gz is refused"),
    ):
        stream.read()


@pytest.mark.parametrize("uri", ["logs/a.json", "s3://", "https://logs/a"])
def test_what_names_no_bucket_is_refused(uri):
    with pytest.raises(ConfigurationError, match="not of the form s3://bucket/prefix"):
        s3_place(uri)
