"""Who the AWS credentials in use belong to."""

from __future__ import annotations

from bedrock_audit.aws.clients import PATIENT, session


def caller_arn(*, profile: str | None, region: str | None) -> str:
    """The ARN of the identity, as AWS STS tells it."""
    return session(profile=profile, region=region).client("sts", config=PATIENT).get_caller_identity()["Arn"]
