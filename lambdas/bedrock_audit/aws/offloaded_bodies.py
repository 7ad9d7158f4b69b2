"""Fetches bodies that Bedrock put beside the log in S3, from allowed places only, waiting for those on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bedrock_audit.aws.log_objects import SCHEME, S3Place, s3_place
from bedrock_audit.aws.permissions import code_of, is_refusal
from bedrock_audit.normalise.bodies import Unresolved

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LATEST_ARRIVAL = timedelta(seconds=90)
"""How long after its record a body may still come; up to 60 s have been reported."""
BETWEEN_LOOKS = 5.0
LARGEST = 64 * 1024 * 1024
"""Bytes as stored; a request to Bedrock may have 25,000,000 before compression."""


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)


class S3Bodies:
    """Bodies below any of `places` (`s3://bucket/prefix`).

    The URI stands in the record and so is a caller's word: nothing outside these places is ever asked for.
    `wait_until` is when a missing body counts as lost; without it none is waited for.
    """

    def __init__(
        self,
        s3: S3Client,
        *,
        places: tuple[str, ...],
        wait_until: datetime | None = None,
        clock: Callable[[], datetime] = now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._s3 = s3
        self._places = tuple(s3_place(place) for place in places)
        self._wait_until = wait_until
        self._clock = clock
        self._sleep = sleep

    def fetched(self, uri: str, /) -> bytes | Unresolved:
        """The body as stored, or why it could not be had."""
        place = self._allowed(uri)
        if place is None:
            return Unresolved(reason="outside-allowed-places", detail="the body is not in a configured place")
        while True:
            try:
                return self._read(place)
            except ClientError as error:
                left = self._seconds_left(error)
                if left <= 0:
                    return _unresolved(error)
                self._sleep(min(left, BETWEEN_LOOKS))

    def _allowed(self, uri: str) -> S3Place | None:
        if not uri.startswith(SCHEME):
            return None
        bucket, _, key = uri.removeprefix(SCHEME).partition("/")
        is_inside = any(bucket == place.bucket and key.startswith(place.key) for place in self._places)
        return S3Place(bucket=bucket, key=key) if is_inside and key else None

    def _read(self, place: S3Place) -> bytes | Unresolved:
        found = self._s3.get_object(Bucket=place.bucket, Key=place.key)
        if found["ContentLength"] > LARGEST:
            found["Body"].close()
            return Unresolved(reason="too-large", detail=f"the body has {found['ContentLength']} bytes")
        return found["Body"].read()

    def _seconds_left(self, error: ClientError) -> float:
        """How long the body may still come; none if it is there and cannot be had."""
        if code_of(error) not in {"NoSuchKey", "404"} or self._wait_until is None:
            return 0.0
        return (self._wait_until - self._clock()).total_seconds()


def _unresolved(error: ClientError) -> Unresolved:
    if code_of(error) in {"NoSuchKey", "404"}:
        return Unresolved(reason="not-found", detail="the body is not there")
    if is_refusal(error):
        return Unresolved(reason="access-denied", detail="s3:GetObject or kms:Decrypt on the body is refused")
    raise error
