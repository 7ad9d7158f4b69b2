"""Human reviews of permitted uses in DynamoDB, matched to the uses by request id when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from bedrock_audit.aws.dynamodb.requests import BATCH, LostRaceError, Requests, Stretch, put, put_once
from bedrock_audit.aws.ledger_items import (
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
    """A usage, and whether a person has looked at it."""

    usage: Usage
    is_reviewed: bool


class DynamoReviews:
    """The reviews' port on DynamoDB."""

    def __init__(self, requests: Requests, table: str, *, unit: Unit, retention: timedelta | None) -> None:
        self._requests = requests
        self._table = table
        self._unit = unit
        self._retention = retention

    def record(self, review: Review, /) -> bool:
        review = bounded(review)
        try:
            self._requests.transact(
                [
                    put_once(self._table, review_item(review, retention=self._retention)),
                    put(self._table, reviewed_item(review, retention=self._retention)),
                ]
            )
        except LostRaceError:
            return False
        return True

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
        looked = [one.is_reviewed for one in self._looked(map(usage_from, self._requests.merged(stretches)))]
        return ReviewRate(use_case=use_case, uses=len(looked), reviewed=sum(looked))

    def overdue(self, *, now: datetime, since: datetime, use_case: str | None = None) -> Iterator[Usage]:
        self._unit.flush()
        stretches = [
            Stretch(table=self._table, index=BY_REVIEW, partition=partition, least=stamp(since), most=stamp(now))
            for partition in partitions(REVIEWS)
        ]
        due = map(usage_from, self._requests.merged(stretches))
        meant = (usage for usage in due if use_case in (None, usage.use_case))
        yield from (one.usage for one in self._looked(meant) if not one.is_reviewed)

    def _looked(self, usages: Iterable[Usage]) -> Iterator[Looked]:
        usages = iter(usages)
        while batch := list(islice(usages, BATCH)):
            keys = {usage.id: reviewed_key(usage.request_id) for usage in batch if usage.request_id}
            known = self._requests.items(self._table, keys.values())
            yield from (Looked(usage=usage, is_reviewed=keys.get(usage.id) in known) for usage in batch)
