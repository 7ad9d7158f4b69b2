"""Turns raw entries into invocation records; the only place that knows Bedrock's and the model families' formats."""

from __future__ import annotations

from collections.abc import Iterator

import xxhash

from bedrock_audit.decode import RawEntry
from bedrock_audit.normalise.bodies import Bodies
from bedrock_audit.normalise.invocation import invocation
from bedrock_audit.normalise.unwrap import NoRecord, unwrapped
from bedrock_audit.record import InvocationRecord, Skipped, Source, Unreadable

__all__ = ["normalise"]


def normalise(entry: RawEntry, bodies: Bodies) -> Iterator[InvocationRecord | Unreadable | Skipped]:
    """Every invocation in the entry: one as a rule, many where CloudWatch, Kinesis or an export wrapped them.

    Raises nothing for any content. What is no record is `Unreadable` (`not-an-invocation-record`, `truncated`,
    `not-json`, `nested-too-deep`, `too-large`, `gzip-corrupt`, `gzip-truncated`); a control message is `Skipped`.
    """
    digest = ""
    for position, found in enumerate(unwrapped(entry.data)):
        if isinstance(found, NoRecord):
            yield _no_record(found, entry.source)
        else:
            digest = digest or xxhash.xxh3_128_hexdigest(entry.data)
            yield invocation(found, source=entry.source, digest=f"{digest}-{position}", bodies=bodies)


def _no_record(found: NoRecord, source: Source) -> Unreadable | Skipped:
    if found.is_meant:
        return Skipped(source, found.reason)
    return Unreadable(source, found.reason, found.detail)
