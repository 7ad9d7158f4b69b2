"""What was audited and what was used with permission, in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from bedrock_audit.aws.dynamodb.requests import Requests, Stretch
from bedrock_audit.aws.dynamodb.usage_writing import UsageWriting
from bedrock_audit.aws.ledger_items import (
    COUNTS,
    LONG_OBJECTS,
    OBJECTS,
    SHORT_SPAN,
    count_from,
    row_from,
    row_key,
    usage_from,
    uses,
)
from bedrock_audit.aws.tables import BY_TIME, partitions
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Usage
from bedrock_audit.ports import UsageCount, UsageQuery
from bedrock_audit.recording import Unit, stamp


class DynamoLedger:
    """The ledger's port on DynamoDB."""

    def __init__(self, requests: Requests, table: str, *, usages: UsageWriting, unit: Unit) -> None:
        self._requests = requests
        self._table = table
        self._usages = usages
        self._unit = unit

    def row(self, key: str, /) -> LedgerRow | None:
        self._unit.flush()
        item = self._requests.item(self._table, row_key(key))
        return row_from(item) if item else None

    def save(self, row: LedgerRow, /) -> None:
        self._unit.note(row)

    def rows(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[LedgerRow]:
        """Searches objects that begin up to a day before the period, and all that span more than a day."""
        self._unit.flush()
        least = stamp(since - SHORT_SPAN) if since else None
        most = stamp(until) if until else None
        stretches = [
            *(self._listed(partition, least, most=most) for partition in partitions(OBJECTS)),
            *(self._listed(partition, None, most=most) for partition in partitions(LONG_OBJECTS)),
        ]
        rows = map(row_from, self._requests.merged(stretches))
        yield from (row for row in rows if row.touches(since=since, until=until))

    def record_usage(self, usage: Usage, /) -> bool:
        return self._unit.use(usage)

    def uses_on(self, use_case: str, day: str, /) -> int:
        return self._unit.uses_on(use_case, day)

    def uses(self, use_case: str, *, since: str | None = None, until: str | None = None) -> Iterator[Usage]:
        self._unit.flush()
        most = f"{until}~" if until else None
        stretches = [self._listed(partition, since, most=most) for partition in partitions(uses(use_case))]
        yield from map(usage_from, self._requests.merged(stretches, newest_first=True))

    def usage(self, wanted: UsageQuery, /) -> Sequence[UsageCount]:
        self._unit.flush()
        if wanted.use_case is not None:
            return _summed(self._usages.counts(wanted.use_case, since=wanted.since, until=wanted.until))
        most = f"{wanted.until}~" if wanted.until else None
        stretches = [self._listed(partition, wanted.since, most=most) for partition in partitions(COUNTS)]
        return _summed(map(count_from, self._requests.merged(stretches)))

    def _listed(self, partition: str, least: str | None, *, most: str | None) -> Stretch:
        return Stretch(table=self._table, index=BY_TIME, partition=partition, least=least, most=most)


def _summed(parts: Iterable[UsageCount]) -> list[UsageCount]:
    """The parts of each day's count together."""
    sums: dict[tuple[str, str, str], UsageCount] = {}
    for part in parts:
        key = (part.day, part.use_case, part.domain)
        known = sums.get(key)
        sums[key] = (
            msgspec.structs.replace(known, uses=known.uses + part.uses, end_users=known.end_users + part.end_users)
            if known
            else part
        )
    return [count for _, count in sorted(sums.items())]
