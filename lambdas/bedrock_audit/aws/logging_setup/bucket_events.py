"""Makes a bucket that was there before announce its new objects, leaving every other notification as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedrock_audit.aws.logging_setup.memory import Memory
from bedrock_audit.aws.permissions import needing
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EVENTS = "EventBridgeConfiguration"


class SwitchedOn(Value, frozen=True):
    """Whether it was us who made the bucket announce its objects."""

    by_us: bool


def parameter(bucket: str) -> str:
    """The name under which is remembered what was found of a bucket."""
    return f"bucket-events/{bucket}"


class BucketEvents:
    """The notification settings of buckets; S3 knows them only as a whole, so what is found is put back with them."""

    def __init__(self, s3: S3Client, *, memory: Memory) -> None:
        self._s3 = s3
        self._memory = memory

    def establish(self, bucket: str) -> None:
        """Have the bucket send its events to EventBridge."""
        found = self._settings(bucket)
        if EVENTS in found:
            if self._memory.recalled(parameter(bucket), SwitchedOn) is None:
                self._memory.keep(parameter(bucket), SwitchedOn(by_us=False))
            return
        self._memory.keep(parameter(bucket), SwitchedOn(by_us=True))
        self._put(bucket, {**found, EVENTS: {}})

    def release(self, bucket: str) -> None:
        """Stop that, if we began it."""
        remembered = self._memory.recalled(parameter(bucket), SwitchedOn)
        if remembered and remembered.by_us:
            kept = {name: part for name, part in self._settings(bucket).items() if name != EVENTS}
            self._put(bucket, kept)
        self._memory.forget(parameter(bucket))

    def _settings(self, bucket: str) -> dict[str, Any]:
        with needing("s3:GetBucketNotification", f"arn:aws:s3:::{bucket}"):
            found = self._s3.get_bucket_notification_configuration(Bucket=bucket)
        return {name: part for name, part in found.items() if name != "ResponseMetadata"}

    def _put(self, bucket: str, settings: dict[str, Any]) -> None:
        """Other people's targets are not checked again: one that is broken must not keep us from leaving it alone."""
        with needing("s3:PutBucketNotification", f"arn:aws:s3:::{bucket}"):
            self._s3.put_bucket_notification_configuration(
                Bucket=bucket,
                NotificationConfiguration=settings,  # type: ignore[arg-type]  # passed through as it was found
                SkipDestinationValidation=True,
            )
