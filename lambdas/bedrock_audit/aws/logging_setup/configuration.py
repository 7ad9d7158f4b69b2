"""Bedrock's logging configuration of an account and Region as a value, named as its API names it."""

from __future__ import annotations

from typing import Any

import msgspec

from bedrock_audit.record import Value

DELIVERY_FLAGS = (
    "text_data_delivery_enabled",
    "image_data_delivery_enabled",
    "embedding_data_delivery_enabled",
    "video_data_delivery_enabled",
    "audio_data_delivery_enabled",
)


class S3Destination(Value, frozen=True, rename="camel", omit_defaults=True):
    """A bucket, and what comes before `AWSLogs/` in its keys."""

    bucket_name: str
    key_prefix: str = ""

    @property
    def uri(self) -> str:
        """For people."""
        return f"s3://{self.bucket_name}/{self.key_prefix}"


class CloudWatchDestination(Value, frozen=True, omit_defaults=True):
    """A log group, the role Bedrock writes with, and where bodies over 100 KB go (nowhere without it)."""

    log_group_name: str = msgspec.field(name="logGroupName")
    role_arn: str = msgspec.field(name="roleArn")
    large_data: S3Destination | None = msgspec.field(name="largeDataDeliveryS3Config", default=None)


class LoggingConfiguration(Value, frozen=True, rename="camel", omit_defaults=True):
    """All that can be configured; a flag that is None is one that AWS did not mention."""

    s3: S3Destination | None = msgspec.field(name="s3Config", default=None)
    cloud_watch: CloudWatchDestination | None = msgspec.field(name="cloudWatchConfig", default=None)
    text_data_delivery_enabled: bool | None = None
    image_data_delivery_enabled: bool | None = None
    embedding_data_delivery_enabled: bool | None = None
    video_data_delivery_enabled: bool | None = None
    audio_data_delivery_enabled: bool | None = None

    @property
    def delivers_everything(self) -> bool:
        """Whether prompts and completions of every kind are in the log."""
        return all(getattr(self, flag) for flag in DELIVERY_FLAGS)

    def delivering_everything(self) -> LoggingConfiguration:
        """The same with every kind of content in the log."""
        return msgspec.structs.replace(self, **dict.fromkeys(DELIVERY_FLAGS, True))

    def as_request(self) -> Any:
        """The `loggingConfig` of a request."""
        return msgspec.to_builtins(self)
