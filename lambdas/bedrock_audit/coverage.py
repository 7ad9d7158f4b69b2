"""What was read and what was not: counts that add up, per audited object and over any period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from bedrock_audit.record import Value


class Coverage(Value, frozen=True):
    """Counts over one or more objects; `records == audited + unreadable + unscanned` always holds.

    audited: at least one body was read, or the record has nothing to read (a failed call).
    unreadable: lines that are no record we can parse. unscanned: records whose content could not be seen.
    `skipped` (control messages, bodies of other records, empty lines' kin) are not records. `gaps` counts the reasons
    behind unreadable and unscanned, and bodies missing from records that were otherwise audited. `unknown_shapes`
    counts records with strings that no reader knows, per model id; `languages` counts parts per detected language.
    """

    objects: int = 0
    records: int = 0
    exchanges: int = 0
    audited: int = 0
    unreadable: int = 0
    unscanned: int = 0
    skipped: int = 0
    parts: int = 0
    media_unread: int = 0
    gaps: dict[str, int] = {}
    unknown_shapes: dict[str, int] = {}
    languages: dict[str, int] = {}

    def __add__(self, other: Coverage) -> Coverage:
        both = [msgspec.structs.asdict(self), msgspec.structs.asdict(other)]
        return Coverage(**{name: _sum(both[0][name], both[1][name]) for name in self.__struct_fields__})


class LedgerRow(Value, frozen=True):
    """The audit of one object by one engine and policy: the unit of redelivery and of coverage.

    `key` names the object (path or `s3://` URI), `etag` its content. `next_line` is where a partly audited object goes
    on; None when it is done. `first`/`last` bound the times of its records.
    """

    key: str
    etag: str
    engine_version: str
    policy_version: str
    audited_at: datetime
    coverage: Coverage
    account: str = ""
    region: str = ""
    first: datetime | None = None
    last: datetime | None = None
    next_line: int | None = None

    def touches(self, *, since: datetime | None, until: datetime | None) -> bool:
        """Whether any of its records can fall into the period, `until` excluded; without records, whether its audit."""
        begin, end = self.first or self.audited_at, self.last or self.audited_at
        return (since is None or end >= since) and (until is None or begin < until)


def total(rows: Iterable[LedgerRow]) -> Coverage:
    """The coverage of all rows together."""
    return sum((row.coverage for row in rows), Coverage())


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, dict):
        return dict(sorted((Counter(one) + Counter(other)).items()))
    return one + other
