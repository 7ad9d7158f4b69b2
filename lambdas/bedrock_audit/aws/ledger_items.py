"""Ledger rows, usages, their counters and reviews as items of the ledger table, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from bedrock_audit.aws.items import document, expiring, key_item, text
from bedrock_audit.aws.tables import Key, sharded
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Usage, derived_id
from bedrock_audit.ports import UsageCount
from bedrock_audit.recording import stamp
from bedrock_audit.review import Review

if TYPE_CHECKING:
    from bedrock_audit.aws.items import Item

LONGEST_KEY = 1900
"""Bytes of a name within a partition key, which may have 2,048 in all; a longer one is replaced by its hash."""

LONGEST_SORT = 950
"""The same within a sort key, which may have 1,024."""

SHORT_SPAN = timedelta(days=1)
"""Objects whose records span more are few; they are listed apart so that a period need not be searched far back."""

_row = msgspec.json.Decoder(LedgerRow)
_usage = msgspec.json.Decoder(Usage)
_review = msgspec.json.Decoder(Review)


OBJECTS = "object"
LONG_OBJECTS = "long-object"
COUNTS = "count"
REVIEWS = "review"
FIRST = "first"
"""The attribute that says when a request was first reviewed."""


def row_key(name: str) -> Key:
    """The ledger row of the object with this name."""
    return Key(partition=f"object#{fitting(name, LONGEST_KEY)}", sort="row")


def usage_key(usage: Usage) -> Key:
    """The item of a usage."""
    return Key(partition=usage.id, sort="usage")


def marker_key(usage: Usage) -> Key:
    """The item that says that this end user was seen that day; who it was cannot be told from it."""
    seen = derived_id("e", usage.use_case, usage.domain, usage.day, usage.end_user)
    return Key(partition=seen, sort="end-user")


def counters(use_case: str) -> str:
    """The value under which the counters of a use case are spread over partitions."""
    return f"count#{use_case}"


def uses(use_case: str) -> str:
    """The value under which an index lists the usages of a use case."""
    return f"use#{use_case}"


def reviews(request_id: str) -> str:
    """The partition with the reviews of one request."""
    return f"review#{fitting(request_id, LONGEST_KEY)}"


def reviewed_key(request_id: str) -> Key:
    """The item that says that a request was reviewed at all."""
    return Key(partition=reviews(request_id), sort="reviewed")


def row_item(row: LedgerRow, *, retention: timedelta | None) -> Item:
    """A ledger row, listed by the time of its first record."""
    begins, ends = row.first or row.audited_at, row.last or row.audited_at
    kind = OBJECTS if ends - begins <= SHORT_SPAN else LONG_OBJECTS
    return {
        **key_item(row_key(row.key)),
        "kind": text("object"),
        "document": document(row),
        "by_time": text(sharded(kind, row.key)),
        "time": text(f"{stamp(begins)}#{fitting(row.key, LONGEST_SORT)}"),
        **expiring(ends, retention),
    }


def row_from(item: Mapping[str, Any]) -> LedgerRow:
    """The ledger row of an item."""
    return _row.decode(item["document"]["S"])


def usage_item(usage: Usage, *, retention: timedelta | None) -> Item:
    """A usage, listed by use case and time, and by when its review is due if it needs one."""
    item: Item = {
        **key_item(usage_key(usage)),
        "kind": text("usage"),
        "document": document(usage),
        "by_time": text(sharded(uses(usage.use_case), usage.id)),
        "time": text(f"{stamp(usage.at)}#{usage.id}"),
        **expiring(usage.at, retention),
    }
    if usage.review_due is not None:
        item["by_review"] = text(sharded(REVIEWS, usage.id))
        item["due"] = text(f"{stamp(usage.review_due)}#{usage.id}")
    return item


def usage_from(item: Mapping[str, Any]) -> Usage:
    """The usage of an item."""
    return _usage.decode(item["document"]["S"])


def marker_item(usage: Usage, *, retention: timedelta | None) -> Item:
    """That this end user was seen that day."""
    return {**key_item(marker_key(usage)), "kind": text("end-user"), **expiring(usage.at, retention)}


def count_from(item: Mapping[str, Any]) -> UsageCount:
    """One counter: a part of a day's count."""
    day, domain, use_case = item["time"]["S"].split("#", 2)
    return UsageCount(
        use_case=use_case, domain=domain, day=day, uses=int(item["uses"]["N"]), end_users=int(item["end_users"]["N"])
    )


def review_item(review: Review, *, retention: timedelta | None) -> Item:
    """One review of a request."""
    key = Key(partition=reviews(review.request_id), sort=f"by#{review.id}")
    return {
        **key_item(key),
        "kind": text("review"),
        "document": document(review),
        **expiring(review.at, retention),
    }


def reviewed_item(review: Review, *, retention: timedelta | None) -> Item:
    """That the request was reviewed, and first when."""
    return {
        **key_item(reviewed_key(review.request_id)),
        "kind": text("reviewed"),
        FIRST: text(stamp(review.at)),
        **expiring(review.at, retention),
    }


def review_from(item: Mapping[str, Any]) -> Review:
    """The review of an item."""
    return _review.decode(item["document"]["S"])


def fitting(name: str, longest: int) -> str:
    """The name, or a hash of it where a key cannot take it."""
    return name if len(name.encode("utf-8", "replace")) <= longest else derived_id("long", name)
