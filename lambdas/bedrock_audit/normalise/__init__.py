"""Turns raw entries into invocation records; the only place that knows Bedrock's and the model families' formats."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bedrock_audit.decode import RawEntry
from bedrock_audit.normalise.bodies import Bodies
from bedrock_audit.normalise.envelope import Envelope
from bedrock_audit.normalise.invocation import invocation
from bedrock_audit.normalise.unwrap import NoRecord, unwrapped
from bedrock_audit.record import InvocationRecord, Skipped, Source, Unreadable

__all__ = ["normalise"]

_PLAIN_RECORD = msgspec.json.Decoder(Envelope)


def normalise(entry: RawEntry, bodies: Bodies) -> Iterator[InvocationRecord | Unreadable | Skipped]:
    """Every invocation in the entry: one as a rule, many where CloudWatch, Kinesis or an export wrapped them.

    Raises nothing for any content. What is no record is `Unreadable` (`not-an-invocation-record`, `truncated`,
    `not-json`, `nested-too-deep`, `too-large`, `gzip-corrupt`, `gzip-truncated`); a control message is `Skipped`.
    """
    try:
        plain = _PLAIN_RECORD.decode(entry.data)
    except (ValueError, RecursionError):
        # Wrapped, damaged, or with a member nobody has named yet: the long way shows which.
        yield from _wrapped(entry, bodies)
        return
    if plain.is_invocation or plain.is_batch_line:
        yield invocation(plain, entry, position=0, bodies=bodies)
    else:
        yield from _wrapped(entry, bodies)


def _wrapped(entry: RawEntry, bodies: Bodies) -> Iterator[InvocationRecord | Unreadable | Skipped]:
    for position, found in enumerate(unwrapped(entry.data)):
        if isinstance(found, NoRecord):
            yield _no_record(found, entry.source)
        else:
            yield invocation(found, entry, position=position, bodies=bodies)


def _no_record(found: NoRecord, source: Source) -> Unreadable | Skipped:
    if found.is_meant:
        return Skipped(source, found.reason)
    return Unreadable(source, found.reason, found.detail)
