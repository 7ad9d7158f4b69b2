"""Human reviews of permitted uses in DynamoDB, matched to the uses by request id when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from bedrock_audit.aws.dynamodb.requests import BATCH, LostRaceError, Requests, Stretch, put_earlier, put_once
from bedrock_audit.aws.ledger_items import (
    FIRST,
    REVIEWS,
    review_from,
    review_item,
    reviewed_item,
    reviewed_key,
    reviews,
    usage_from,
    uses,
)
from bedrock_audit.aws.tables import BY_REVIEW, BY_TIME, partitions
from bedrock_audit.finding import Usage
from bedrock_audit.record import Value
from bedrock_audit.recording import Unit, bounded, stamp
from bedrock_audit.review import Review, ReviewRate


class Looked(Value, frozen=True):
    """A usage, and when a person first looked at it, as a stamp; None if nobody has."""

    usage: Usage
    reviewed: str | None

    @property
    def is_in_time(self) -> bool:
        """Whether somebody looked at it before it was overdue."""
        due = self.usage.review_due
        return self.reviewed is not None and due is not None and self.reviewed <= stamp(due)


class DynamoReviews:
    """The reviews' port on DynamoDB."""

    def __init__(self, requests: Requests, table: str, *, unit: Unit, retention: timedelta | None) -> None:
        self._requests = requests
        self._table = table
        self._unit = unit
        self._retention = retention

    def record(self, review: Review, /) -> bool:
        review = bounded(review)
        kept = put_once(self._table, review_item(review, retention=self._retention))
        first = put_earlier(self._table, reviewed_item(review, retention=self._retention), FIRST)
        for writes in ([kept, first], [kept]):
            try:
                self._requests.transact(writes)
            except LostRaceError as error:
                if 0 in error.positions:  # the review is known; else somebody had reviewed it before
                    return False
            else:
                return True
        raise AssertionError("a transaction of one write is lost by that write alone")

    def of(self, request_id: str, /) -> Sequence[Review]:
        stretch = Stretch(table=self._table, partition=reviews(request_id), least="by#", most="by#~")
        found = [review_from(item) for item in self._requests.stretch(stretch)]
        return sorted(found, key=lambda review: (review.at, review.id))

    def rate(self, use_case: str, *, since: datetime, until: datetime) -> ReviewRate:
        self._unit.flush()
        stretches = [
            Stretch(table=self._table, index=BY_TIME, partition=partition, least=stamp(since), most=stamp(until))
            for partition in partitions(uses(use_case))
        ]
        looked = [one.reviewed is not None for one in self._looked(map(usage_from, self._requests.merged(stretches)))]
        return ReviewRate(use_case=use_case, uses=len(looked), reviewed=sum(looked))

    def overdue(self, *, now: datetime, since: datetime, use_case: str | None = None) -> Iterator[Usage]:
        meant = (usage for usage in self._due(since, now) if use_case in (None, usage.use_case))
        yield from (one.usage for one in self._looked(meant) if one.reviewed is None)

    def missed(self, *, now: datetime, since: datetime) -> Iterator[Usage]:
        yield from (one.usage for one in self._looked(self._due(since, now)) if not one.is_in_time)

    def _due(self, since: datetime, until: datetime) -> Iterator[Usage]:
        self._unit.flush()
        stretches = [
            Stretch(table=self._table, index=BY_REVIEW, partition=partition, least=stamp(since), most=stamp(until))
            for partition in partitions(REVIEWS)
        ]
        yield from map(usage_from, self._requests.merged(stretches))

    def _looked(self, usages: Iterable[Usage]) -> Iterator[Looked]:
        usages = iter(usages)
        while batch := list(islice(usages, BATCH)):
            keys = {usage.id: reviewed_key(usage.request_id) for usage in batch if usage.request_id}
            known = self._requests.items(self._table, keys.values())
            for usage in batch:
                item = known.get(keys[usage.id]) if usage.id in keys else None
                yield Looked(usage=usage, reviewed=item[FIRST]["S"] if item else None)
