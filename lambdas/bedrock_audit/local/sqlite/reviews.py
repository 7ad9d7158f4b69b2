"""Human reviews of permitted uses in a local store, matched to the uses by request id."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from bedrock_audit.finding import Usage
from bedrock_audit.local.sqlite.database import transaction
from bedrock_audit.recording import Unit, bounded, stamp
from bedrock_audit.review import Review, ReviewRate

_review = msgspec.json.Decoder(Review)
_usage = msgspec.json.Decoder(Usage)
_IN_TIME = (
    "request_id <> '' AND EXISTS (SELECT 1 FROM reviews"
    " WHERE reviews.request_id = usages.request_id AND reviews.at <= usages.review_due)"
)
_REVIEWED = "request_id <> '' AND EXISTS (SELECT 1 FROM reviews WHERE reviews.request_id = usages.request_id)"


class SqliteReviews:
    """The reviews' port on SQLite."""

    def __init__(self, connection: sqlite3.Connection, *, unit: Unit) -> None:
        self._connection = connection
        self._unit = unit

    def record(self, review: Review, /) -> bool:
        review = bounded(review)
        with transaction(self._connection):
            added = self._connection.execute(
                "INSERT OR IGNORE INTO reviews VALUES (?, ?, ?, ?)",
                (review.id, review.request_id, stamp(review.at), msgspec.json.encode(review)),
            )
        return added.rowcount == 1

    def of(self, request_id: str, /) -> Sequence[Review]:
        found = self._connection.execute(
            "SELECT document FROM reviews WHERE request_id = ? ORDER BY at, id", (request_id,)
        )
        return [_review.decode(document) for (document,) in found]

    def rate(self, use_case: str, *, since: datetime, until: datetime) -> ReviewRate:
        self._unit.flush()
        found = self._connection.execute(
            f"SELECT count(*), count(CASE WHEN {_REVIEWED} THEN 1 END) FROM usages"  # noqa: S608 - fixed words
            " WHERE use_case = ? AND at >= ? AND at < ?",
            (use_case, stamp(since), stamp(until)),
        )
        uses, reviewed = found.fetchone()
        return ReviewRate(use_case=use_case, uses=uses, reviewed=reviewed)

    def overdue(self, *, now: datetime, since: datetime, use_case: str | None = None) -> Iterator[Usage]:
        return self._due(since, now, without=_REVIEWED, use_case=use_case)

    def missed(self, *, now: datetime, since: datetime) -> Iterator[Usage]:
        return self._due(since, now, without=_IN_TIME)

    def _due(self, since: datetime, until: datetime, *, without: str, use_case: str | None = None) -> Iterator[Usage]:
        self._unit.flush()
        found = self._connection.execute(
            f"SELECT document FROM usages WHERE review_due >= ? AND review_due < ? AND NOT ({without})"  # noqa: S608
            " AND (? IS NULL OR use_case = ?) ORDER BY review_due, id",
            (stamp(since), stamp(until), use_case, use_case),
        )
        for (document,) in found:
            yield _usage.decode(document)
