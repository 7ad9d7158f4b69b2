"""Decides which logging configuration should hold, given the one found; changes nothing itself.

What others configured stays: destinations are added beside theirs, content delivery is switched on, and where that
cannot be done the refusal says what to set.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from bedrock_audit.aws.logging_setup.configuration import LoggingConfiguration, S3Destination
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.record import Value

PLACE = "Bedrock's logging configuration of this account and Region"


class Source(StrEnum):
    """Where the log is to be audited."""

    S3 = "s3"
    CLOUDWATCH = "cloudwatch"


class Wanted(Value, frozen=True, rename="pascal"):
    """The log that the stack audits: a bucket with its prefix, or a log group."""

    source: Source
    bucket: str = ""
    prefix: str = ""
    log_group: str = ""


def planned(found: LoggingConfiguration | None, wanted: Wanted, *, added: S3Destination | None) -> LoggingConfiguration:
    """What should hold: `found` with what is wanted. `added` is the bucket an earlier deployment of the stack brought.

    Raises ConfigurationError where only an overwrite would help.
    """
    if wanted.source is Source.CLOUDWATCH:
        return _with_log_group(found, wanted, added=added)
    return _with_bucket(found or LoggingConfiguration(), wanted, added=added)


def _with_bucket(found: LoggingConfiguration, wanted: Wanted, *, added: S3Destination | None) -> LoggingConfiguration:
    destination = S3Destination(bucket_name=wanted.bucket, key_prefix=wanted.prefix.rstrip("/"))
    if found.s3 and _place(found.s3) != _place(destination) and found.s3 != added:
        prefix = f" and bedrock-audit:log-prefix={found.s3.key_prefix}" if found.s3.key_prefix else ""
        raise ConfigurationError(
            f"logs already go to {found.s3.uri}, and there can be only one bucket; to audit that one set "
            f"bedrock-audit:log-bucket={found.s3.bucket_name}{prefix}",
            source=PLACE,
        )
    kept = found.s3 if found.s3 and _place(found.s3) == _place(destination) else destination
    return msgspec.structs.replace(found, s3=kept).delivering_everything()


def _with_log_group(
    found: LoggingConfiguration | None, wanted: Wanted, *, added: S3Destination | None
) -> LoggingConfiguration:
    """Our own bucket gets its logs from the log group from now on, so Bedrock need not write to it as well."""
    destination = found.cloud_watch if found else None
    if found is None or destination is None:
        raise ConfigurationError(
            "no log group is configured, so there is nothing to subscribe; leave bedrock-audit:log-source out to have "
            "logs delivered to a bucket",
            source=PLACE,
        )
    if destination.log_group_name != wanted.log_group:
        raise ConfigurationError(
            f"logs go to the log group {destination.log_group_name}; set "
            f"bedrock-audit:log-group={destination.log_group_name}",
            source=PLACE,
        )
    kept = found.s3 if found.s3 != added else None
    return msgspec.structs.replace(found, s3=kept).delivering_everything()


def _place(destination: S3Destination) -> tuple[str, str]:
    return destination.bucket_name, destination.key_prefix.rstrip("/")
