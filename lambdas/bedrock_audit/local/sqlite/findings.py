"""Findings and their occurrences in a local store."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager

import msgspec

from bedrock_audit.finding import Finding, Observation, Occurrence
from bedrock_audit.lifecycle import Transition
from bedrock_audit.local.sqlite.database import transaction
from bedrock_audit.local.sqlite.writing import SqliteBacking
from bedrock_audit.ports import FindingQuery, Stored
from bedrock_audit.recording import Unit, decided, stamp

PAGE = 500
_finding = msgspec.json.Decoder(Finding)
_occurrence = msgspec.json.Decoder(Occurrence)


class SqliteFindings:
    """The findings port on SQLite."""

    def __init__(self, connection: sqlite3.Connection, *, backing: SqliteBacking, unit: Unit) -> None:
        self._connection = connection
        self._backing = backing
        self._unit = unit

    def unit(self) -> AbstractContextManager[None]:
        return self._unit.opened()

    def record(self, observation: Observation, /) -> Stored:
        return self._unit.record(observation)

    def get(self, finding_id: str, /) -> Finding | None:
        self._unit.flush()
        kept = self._backing.kept(finding_id)
        return kept.finding if kept else None

    def query(self, wanted: FindingQuery, /) -> Iterator[Finding]:
        """Page by page, so that findings may be changed while they are read."""
        self._unit.flush()
        where, values = _where(wanted)
        left, place = wanted.limit if wanted.limit is not None else sys.maxsize, ("A", "")
        while left > 0:
            page = self._connection.execute(
                f"SELECT document, last_seen, id FROM findings WHERE {where} AND (last_seen, id) < (?, ?)"  # noqa: S608
                " ORDER BY last_seen DESC, id DESC LIMIT ?",
                (*values, *place, min(left, PAGE)),
            ).fetchall()
            yield from (_finding.decode(document) for document, _, _ in page)
            if len(page) < PAGE:
                return
            left, place = left - len(page), page[-1][1:]

    def occurrences(self, finding_id: str, /, *, limit: int | None = None) -> Iterator[Occurrence]:
        self._unit.flush()
        found = self._connection.execute(
            "SELECT document FROM occurrences WHERE finding_id = ? ORDER BY at DESC, id DESC LIMIT ?",
            (finding_id, -1 if limit is None else limit),
        )
        for (document,) in found:
            yield _occurrence.decode(document)

    def change(self, finding_id: str, transition: Transition, /, *, expected_version: int) -> Finding:
        self._unit.flush()
        with transaction(self._connection):
            kept = self._backing.kept(finding_id)
            after = decided(kept, transition, finding_id=finding_id, expected_version=expected_version)
            self._backing.keep(after)
        return after.finding


def _where(wanted: FindingQuery) -> tuple[str, list[object]]:
    exact = {"clause": wanted.clause, "verdict": wanted.verdict, "status": wanted.status, "account": wanted.account}
    tests: list[tuple[str, object]] = [(f"{name} = ?", value) for name, value in exact.items() if value is not None]
    for name, pattern in (("principal", wanted.principal), ("use_case", wanted.use_case)):
        if pattern is not None:
            tests.append(_like(name, pattern))
    if wanted.min_severity is not None:
        tests.append(("severity >= ?", wanted.min_severity.rank))
    if wanted.since is not None:
        tests.append(("last_seen >= ?", stamp(wanted.since)))
    if wanted.until is not None:
        tests.append(("last_seen < ?", stamp(wanted.until)))
    return " AND ".join(test for test, _ in tests) or "TRUE", [value for _, value in tests]


def _like(column: str, pattern: str) -> tuple[str, str]:
    """An exact match, or a prefix where the pattern ends in `*`; LIKE would know more wildcards than we offer."""
    if pattern.endswith("*"):
        return f"substr({column}, 1, {len(pattern) - 1}) = ?", pattern[:-1]
    return f"{column} = ?", pattern
