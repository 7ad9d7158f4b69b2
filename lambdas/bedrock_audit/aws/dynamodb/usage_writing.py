"""Writes permitted uses with their daily counts, and ledger rows; reads the counts.

A usage is an item of its own, written once. In the same transaction the day's counter goes up by the usages, and by
the end users who were not seen that day before: each has a marker item, written once too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from bedrock_audit.aws.dynamodb.requests import MOST_ATTEMPTS, LostRaceError, Requests, Stretch, put_once
from bedrock_audit.aws.items import number, text
from bedrock_audit.aws.ledger_items import (
    COUNTS,
    count_from,
    counters,
    marker_item,
    marker_key,
    row_item,
    usage_item,
    usage_key,
)
from bedrock_audit.aws.tables import PARTITION, SORT, partitions, sharded
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Usage
from bedrock_audit.ports import UsageCount

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MOST_TOGETHER = 45
"""Usages in one transaction: with as many end-user markers and a counter below DynamoDB's 100 items."""


class UsageWriting:
    """Usage, its counters and ledger rows in the ledger table."""

    def __init__(self, requests: Requests, table: str, *, retention: timedelta | None) -> None:
        self._requests = requests
        self._table = table
        self._retention = retention

    def has(self, usage: Usage) -> bool:
        """Whether it is stored."""
        return self._requests.item(self._table, usage_key(usage)) is not None

    def write(self, usages: Sequence[Usage]) -> frozenset[str]:
        """Store the usages; the ids of those that were not stored before."""
        written: set[str] = set()
        for _, same_day in groupby(sorted(usages, key=_counted_as), key=_counted_as):
            group = list(same_day)
            for start in range(0, len(group), MOST_TOGETHER):
                written.update(usage.id for usage in self._add(group[start : start + MOST_TOGETHER]))
        return frozenset(written)

    def write_row(self, row: LedgerRow) -> None:
        """Replace the object's row."""
        self._requests.put(self._table, row_item(row, retention=self._retention))

    def counts(self, use_case: str, *, since: str | None, until: str | None) -> Iterator[UsageCount]:
        """The parts of each day's counts of one use case, as of now; days are ISO dates, both included."""
        for partition in partitions(counters(use_case)):
            most = f"{until}~" if until else None
            stretch = Stretch(table=self._table, partition=partition, least=since, most=most, is_current=True)
            yield from map(count_from, self._requests.stretch(stretch))

    def _add(self, usages: Sequence[Usage]) -> Sequence[Usage]:
        """Store those of the usages, all of one day and use case, that are new."""
        for attempt in range(MOST_ATTEMPTS):
            keys = [*map(usage_key, usages), *(marker_key(usage) for usage in usages if usage.end_user)]
            known = self._requests.items(self._table, keys)
            new = [usage for usage in usages if usage_key(usage) not in known]
            markers = {marker_key(usage): usage for usage in new if usage.end_user and marker_key(usage) not in known}
            if not new:
                return []
            try:
                self._requests.transact([*self._puts(new, markers.values()), self._count(new, end_users=len(markers))])
            except LostRaceError:
                self._requests.pause(attempt)
            else:
                return new
        raise BedrockAuditError("the ledger is too busy: other writers kept getting in between; try again")

    def _puts(self, new: Iterable[Usage], marked: Iterable[Usage]) -> list[TransactWriteItemTypeDef]:
        items = [
            *(usage_item(usage, retention=self._retention) for usage in new),
            *(marker_item(usage, retention=self._retention) for usage in marked),
        ]
        return [put_once(self._table, item) for item in items]

    def _count(self, new: Sequence[Usage], *, end_users: int) -> TransactWriteItemTypeDef:
        """Adds to one of the day's counters, chosen by chance so that concurrent writers seldom meet."""
        first = new[0]
        return {
            "Update": {
                "TableName": self._table,
                "Key": {
                    PARTITION: text(sharded(counters(first.use_case), first.id)),
                    SORT: text(f"{first.day}#{first.domain}"),
                },
                "UpdateExpression": "ADD uses :uses, end_users :end_users SET by_time = :by, #t = :at",
                "ExpressionAttributeNames": {"#t": "time"},
                "ExpressionAttributeValues": {
                    ":uses": number(len(new)),
                    ":end_users": number(end_users),
                    ":by": text(sharded(COUNTS, first.id)),
                    ":at": text(f"{first.day}#{first.domain}#{first.use_case}"),
                },
            }
        }


def _counted_as(usage: Usage) -> tuple[str, ...]:
    return usage.use_case, usage.domain, usage.day
