"""Finds the log objects of a period in the log bucket, hour by hour, for every account and Region that logs there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bedrock_audit.aws.log_keys import MARKER
from bedrock_audit.aws.log_objects import S3Logs, S3Place, s3_place
from bedrock_audit.aws.permissions import needing
from bedrock_audit.ports import LogObject
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HOUR = re.compile(rf"{MARKER}/[^/]+/(\d{{4}})/(\d{{2}})/(\d{{2}})/(\d{{2}})/")


class LogPlace(Value, frozen=True):
    """A bucket with invocation logs; `prefix` comes before `AWSLogs/` in its keys."""

    bucket: str
    prefix: str = ""


class PastLogs:
    """The log objects that a bucket already holds."""

    def __init__(self, s3: S3Client, place: LogPlace) -> None:
        self._s3 = s3
        self._place = place
        self._logs = S3Logs(s3)

    def of(self, *, since: datetime, until: datetime, after: str = "") -> Iterator[LogObject]:
        """Objects of the hours from `since` to before `until`, in an order in which `after` (an s3:// URI) goes on."""
        start_after = s3_place(after).key if after else ""
        for account in self._below(f"{self._place.prefix}AWSLogs/"):
            for region in self._below(f"{account}{MARKER}/"):
                for day in _days(since, until):
                    prefix = f"{region}{day:%Y/%m/%d}/"
                    yield from self._of_day(prefix, since=since, until=until, start_after=start_after)

    def _of_day(self, prefix: str, *, since: datetime, until: datetime, start_after: str) -> Iterator[LogObject]:
        if prefix < start_after and not start_after.startswith(prefix):
            return
        uri = S3Place(bucket=self._place.bucket, key=prefix).uri
        for log in self._logs.listed_after(uri, after=start_after):
            hour = _hour_of(log.name)
            if hour is None or since - timedelta(hours=1) < hour < until:
                yield log

    def _below(self, prefix: str) -> list[str]:
        """The folders directly below a prefix, by name."""
        pages = self._s3.get_paginator("list_objects_v2")
        with needing("s3:ListBucket", f"arn:aws:s3:::{self._place.bucket}"):
            return [
                found["Prefix"]
                for page in pages.paginate(Bucket=self._place.bucket, Prefix=prefix, Delimiter="/")
                for found in page.get("CommonPrefixes", [])
            ]


def _days(since: datetime, until: datetime) -> Iterator[datetime]:
    day = since.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < until:
        yield day
        day += timedelta(days=1)


def _hour_of(name: str) -> datetime | None:
    found = _HOUR.search(name)
    return datetime.strptime("".join(found.groups()), "%Y%m%d%H").replace(tzinfo=UTC) if found else None
