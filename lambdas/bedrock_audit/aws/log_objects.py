"""Log objects in S3: lists them and reads them piece by piece; knows keys and bytes, nothing of what they say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from botocore.exceptions import ClientError

from bedrock_audit.aws.log_keys import is_log_object
from bedrock_audit.aws.permissions import code_of, needing
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.ports import LogObject
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from mypy_boto3_s3 import S3Client

SCHEME = "s3://"
PIECE = 8 * 1024 * 1024


class S3Place(Value, frozen=True):
    """A bucket and a key or prefix in it."""

    bucket: str
    key: str

    @property
    def uri(self) -> str:
        """As it is written in evidence and on the command line."""
        return f"{SCHEME}{self.bucket}/{self.key}"

    @property
    def arn(self) -> str:
        """As it is written in policies."""
        return f"arn:aws:s3:::{self.bucket}/{self.key}"


def s3_place(uri: str) -> S3Place:
    """The place that an `s3://bucket/key` URI names; raises ConfigurationError for anything else."""
    bucket, _, key = uri.removeprefix(SCHEME).partition("/")
    if not uri.startswith(SCHEME) or not bucket:
        raise ConfigurationError("is not of the form s3://bucket/prefix", source=uri)
    return S3Place(bucket=bucket, key=key)


class S3Logs:
    """Log objects of any bucket the client may read."""

    def __init__(self, s3: S3Client, *, piece: int = PIECE) -> None:
        self._s3 = s3
        self._piece = piece

    def listed(self, prefix: str, /) -> Iterator[LogObject]:
        """Every log object at or below the prefix, by key; an object named in full is taken whatever it is called."""
        return self.listed_after(prefix, after="")

    def listed_after(self, prefix: str, /, *, after: str) -> Iterator[LogObject]:
        """The same, but only keys that come after `after`."""
        place = s3_place(prefix)
        pages = self._s3.get_paginator("list_objects_v2")
        with needing("s3:ListBucket", f"arn:aws:s3:::{place.bucket}"):
            for page in pages.paginate(Bucket=place.bucket, Prefix=place.key, StartAfter=after):
                for found in page.get("Contents", []):
                    if is_log_object(found["Key"]) or found["Key"] == place.key:
                        yield LogObject(
                            name=S3Place(bucket=place.bucket, key=found["Key"]).uri,
                            etag=found["ETag"].strip('"'),
                            size=found["Size"],
                            modified=found["LastModified"],
                        )

    @contextmanager
    def opened(self, name: str, /) -> Iterator[BinaryIO]:
        """The object's bytes, fetched in pieces so that a slow reader keeps no connection waiting.

        Raises ConfigurationError if the object may not be read, and ClientError if it is gone or changes meanwhile.
        """
        with io.BufferedReader(_Pieces(self._s3, s3_place(name), size=self._piece), buffer_size=self._piece) as stream:
            yield cast("BinaryIO", stream)


class _Pieces(io.RawIOBase):
    def __init__(self, s3: S3Client, place: S3Place, *, size: int) -> None:
        self._s3 = s3
        self._place = place
        self._size = size
        self._at = 0
        self._etag = ""
        self._ahead = memoryview(b"")
        self._is_last = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if not self._ahead and not self._is_last:
            self._fetch()
        target = memoryview(buffer).cast("B")
        count = min(len(target), len(self._ahead))
        target[:count] = self._ahead[:count]
        self._ahead = self._ahead[count:]
        return count

    def _fetch(self) -> None:
        wanted = f"bytes={self._at}-{self._at + self._size - 1}"
        get = partial(self._s3.get_object, Bucket=self._place.bucket, Key=self._place.key, Range=wanted)
        try:
            with needing("s3:GetObject", self._place.arn):
                found = get(IfMatch=self._etag) if self._etag else get()
        except ClientError as error:
            if code_of(error) != "InvalidRange":
                raise
            self._is_last = True  # asked for bytes beyond the end, as of an empty object
            return
        self._ahead = memoryview(found["Body"].read())
        self._etag = found["ETag"]
        self._at += len(self._ahead)
        self._is_last = len(self._ahead) < self._size
