"""Use cases with all their versions, and suppressions, in a local store."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from bedrock_audit.errors import ConflictError
from bedrock_audit.lifecycle import Suppression
from bedrock_audit.local.sqlite.database import transaction
from bedrock_audit.recording import bounded
from bedrock_audit.use_case import Registry, UseCase


class SqliteUseCases:
    """The registry's port on SQLite; a use case is a document to it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def registry(self) -> Registry:
        found = self._connection.execute("SELECT document, max(version) FROM use_cases GROUP BY id ORDER BY id")
        return Registry(use_cases=tuple(msgspec.json.decode(document, type=UseCase) for document, _ in found))

    def versions(self, use_case_id: str, /) -> Sequence[UseCase]:
        found = self._connection.execute("SELECT document FROM use_cases WHERE id = ? ORDER BY version", (use_case_id,))
        return tuple(msgspec.json.decode(document, type=UseCase) for (document,) in found)

    def save(self, *use_cases: UseCase, seen: Registry) -> None:
        with transaction(self._connection):
            is_as_seen = self.registry().revision == seen.revision
            for use_case in use_cases:
                self._add(use_case)
            if not is_as_seen:
                raise ConflictError("the registry was changed by somebody else; look at it again")

    def _add(self, use_case: UseCase) -> None:
        found = self._connection.execute("SELECT max(version) FROM use_cases WHERE id = ?", (use_case.id,))
        if use_case.version != (found.fetchone()[0] or 0) + 1:
            raise ConflictError(f"use case {use_case.id} was changed by somebody else; look at it again")
        self._connection.execute(
            "INSERT INTO use_cases VALUES (?, ?, ?)", (use_case.id, use_case.version, msgspec.json.encode(use_case))
        )


class SqliteSuppressions:
    """The suppressions' port on SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[Suppression]:
        found = self._connection.execute("SELECT document FROM suppressions ORDER BY id")
        return tuple(msgspec.json.decode(document, type=Suppression) for (document,) in found)

    def save(self, suppression: Suppression, /) -> None:
        suppression = bounded(suppression)
        with transaction(self._connection):
            stored = self._stored(suppression.id)
            if suppression.version != (stored.version if stored else 0) + 1:
                raise ConflictError(f"{suppression.id} was changed by somebody else; look at it again")
            self._connection.execute(
                "REPLACE INTO suppressions VALUES (?, ?)", (suppression.id, msgspec.json.encode(suppression))
            )

    def _stored(self, suppression_id: str) -> Suppression | None:
        found = self._connection.execute("SELECT document FROM suppressions WHERE id = ?", (suppression_id,)).fetchone()
        return msgspec.json.decode(found[0], type=Suppression) if found else None
