"""Writes what a unit gathered into a local store, in one transaction; the backing of its findings and ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Finding, Occurrence, Usage
from bedrock_audit.local.sqlite.database import transaction
from bedrock_audit.recording import (
    Arrival,
    Gathered,
    Kept,
    Pending,
    Stored,
    Written,
    asked_anew,
    joined,
    outcome,
    stamp,
)

_encoded = msgspec.json.encode
_finding = msgspec.json.Decoder(Finding)


class SqliteBacking:
    """A local store as its unit sees it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def kept(self, finding_id: str, /) -> Kept | None:
        found = self._one("SELECT document, face, revision FROM findings WHERE id = ?", finding_id)
        return Kept(finding=_finding.decode(found[0]), face=found[1], revision=found[2]) if found else None

    def has_occurrence(self, occurrence: Occurrence, /) -> bool:
        return self._one("SELECT 1 FROM occurrences WHERE id = ?", occurrence.id) is not None

    def has_usage(self, usage: Usage, /) -> bool:
        return self._one("SELECT 1 FROM usages WHERE id = ?", usage.id) is not None

    def uses_on(self, use_case: str, day: str, /) -> int:
        counted = self._one("SELECT count(*) FROM usages WHERE use_case = ? AND day = ?", use_case, day)
        return int(counted[0]) if counted else 0

    def write(self, gathered: Gathered, /) -> Written:
        if not (gathered.findings or gathered.usages or gathered.rows):
            return Written(outcomes={}, usages=frozenset())
        with transaction(self._connection):
            outcomes = {name: self._settled(pending) for name, pending in gathered.findings.items()}
            usages = frozenset(usage.id for usage in gathered.usages.values() if self._add_usage(usage))
            self._connection.executemany("REPLACE INTO objects VALUES (?, ?, ?, ?)", _objects(gathered.rows.values()))
        return Written(outcomes=outcomes, usages=usages)

    def keep(self, kept: Kept) -> None:
        """Replace the finding; to be called within a transaction that has read it."""
        finding = kept.finding
        self._connection.execute(
            "REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                finding.id,
                kept.revision + 1,
                kept.face,
                stamp(finding.last_seen),
                finding.clause,
                finding.verdict,
                finding.severity.rank,
                finding.status,
                finding.account,
                finding.principal,
                finding.use_case,
                _encoded(finding),
            ),
        )

    def _settled(self, pending: Pending) -> Stored:
        """The finding as gathered, or, if somebody else has written it meanwhile, joined with what it has become."""
        before, after, arrivals = pending.before, pending.after, pending.arrivals
        if self._revision(after.finding.id) != (before.revision if before else None):
            before = self.kept(after.finding.id)
            arrivals = asked_anew(arrivals, self)
            after = joined(before, arrivals) or after
        self._connection.executemany("INSERT INTO occurrences VALUES (?, ?, ?, ?)", _occurrences(arrivals))
        if after != before:
            self.keep(after)
        return outcome(before.finding if before else None, after.finding)

    def _add_usage(self, usage: Usage) -> bool:
        added = self._connection.execute(
            "INSERT OR IGNORE INTO usages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                usage.id,
                usage.use_case,
                usage.domain,
                usage.day,
                stamp(usage.at),
                usage.end_user,
                usage.request_id,
                usage.review_due and stamp(usage.review_due),
                _encoded(usage),
            ),
        )
        return added.rowcount == 1

    def _revision(self, finding_id: str) -> int | None:
        found = self._one("SELECT revision FROM findings WHERE id = ?", finding_id)
        return int(found[0]) if found else None

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
        return found


def _occurrences(arrivals: Iterable[Arrival]) -> Iterator[tuple[object, ...]]:
    for arrival in arrivals:
        occurrence = arrival.observation.occurrence
        if occurrence is not None and arrival.is_new:
            yield occurrence.id, occurrence.finding_id, stamp(occurrence.at), _encoded(occurrence)


def _objects(rows: Iterable[LedgerRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        begins, ends = row.first or row.audited_at, row.last or row.audited_at
        yield row.key, stamp(begins), stamp(ends), _encoded(row)
