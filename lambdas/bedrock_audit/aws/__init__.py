"""The ports on AWS: log objects in S3, stores in DynamoDB; the only part of the engine that knows boto3."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bedrock_audit.normalise.bodies import Bodies
    from bedrock_audit.ports import LogObjects


def open_bucket_logs(path: str, *, profile: str | None, region: str | None) -> tuple[LogObjects, Bodies]:
    """The log objects of the bucket that `path` (`s3://bucket/prefix`) names, and the bodies offloaded to it."""
    from bedrock_audit.aws.clients import PATIENT, session
    from bedrock_audit.aws.log_objects import S3Logs, s3_place
    from bedrock_audit.aws.offloaded_bodies import S3Bodies

    bucket = s3_place(path).bucket
    s3 = session(profile=profile, region=region).client("s3", config=PATIENT)
    return S3Logs(s3), S3Bodies(s3, places=(f"s3://{bucket}/",))
