"""What was audited and what was used with permission, in a local store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Usage
from bedrock_audit.ports import UsageCount, UsageQuery
from bedrock_audit.recording import Unit, stamp

_row = msgspec.json.Decoder(LedgerRow)
_usage = msgspec.json.Decoder(Usage)


class SqliteLedger:
    """The ledger's port on SQLite."""

    def __init__(self, connection: sqlite3.Connection, *, unit: Unit) -> None:
        self._connection = connection
        self._unit = unit

    def row(self, key: str, /) -> LedgerRow | None:
        self._unit.flush()
        found = self._connection.execute("SELECT document FROM objects WHERE key = ?", (key,)).fetchone()
        return _row.decode(found[0]) if found else None

    def save(self, row: LedgerRow, /) -> None:
        self._unit.note(row)

    def rows(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[LedgerRow]:
        self._unit.flush()
        found = self._connection.execute(
            "SELECT document FROM objects WHERE ends >= ? AND begins < ? ORDER BY begins, key",
            (stamp(since) if since else "", stamp(until) if until else "A"),
        )
        for (document,) in found:
            yield _row.decode(document)

    def record_usage(self, usage: Usage, /) -> bool:
        return self._unit.use(usage)

    def uses_on(self, use_case: str, day: str, /) -> int:
        return self._unit.uses_on(use_case, day)

    def uses(self, use_case: str, *, since: str | None = None, until: str | None = None) -> Iterator[Usage]:
        self._unit.flush()
        found = self._connection.execute(
            "SELECT document FROM usages WHERE use_case = ? AND day >= ? AND day <= ? ORDER BY at DESC, id DESC",
            (use_case, since or "", until or "A"),
        )
        for (document,) in found:
            yield _usage.decode(document)

    def usage(self, wanted: UsageQuery, /) -> Sequence[UsageCount]:
        self._unit.flush()
        found = self._connection.execute(
            "SELECT use_case, domain, day, count(*), count(DISTINCT nullif(end_user, '')) FROM usages"
            " WHERE (? IS NULL OR use_case = ?) AND day >= ? AND day <= ?"
            " GROUP BY day, use_case, domain ORDER BY day, use_case, domain",
            (wanted.use_case, wanted.use_case, wanted.since or "", wanted.until or "A"),
        )
        return [
            UsageCount(use_case=use_case, domain=domain, day=day, uses=uses, end_users=end_users)
            for use_case, domain, day, uses, end_users in found
        ]
