"""Makes AWS clients from ordinary credentials; raises a clear error where there are none."""

from __future__ import annotations

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from bedrock_audit import __version__
from bedrock_audit.errors import ConfigurationError

PATIENT = Config(
    retries={"mode": "standard", "max_attempts": 6},
    connect_timeout=5,
    read_timeout=30,
    user_agent_extra=f"bedrock-audit/{__version__}",
)
"""Try again with growing pauses when AWS is busy; give up on a silent connection before the function's time is gone."""


def session(*, profile: str | None, region: str | None) -> boto3.Session:
    """A session of the profile; raises ConfigurationError if it does not exist, has no credentials or no Region."""
    try:
        made = boto3.Session(profile_name=profile, region_name=region)
        has_credentials = made.get_credentials() is not None
    except BotoCoreError as error:
        raise ConfigurationError(str(error), source="AWS credentials") from error
    if not has_credentials:
        raise ConfigurationError("there are none; sign in, or name a profile with --profile", source="AWS credentials")
    if not made.region_name:
        raise ConfigurationError("is not known; name it with --region or AWS_DEFAULT_REGION", source="AWS Region")
    return made
