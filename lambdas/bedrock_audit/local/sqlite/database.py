"""Opens a local store's file and runs transactions on it; knows SQLite, nothing about what is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bedrock_audit.errors import BedrockAuditError, ConfigurationError
from bedrock_audit.local.sqlite.schema import brought_up_to_date

LONGEST_WAIT = 30.0
"""Seconds to wait for another process's write; writes are short because units gather."""

CACHE_KIB = 65_536
"""Findings are kept by random ids: with SQLite's usual 2 MB every write would read pages back."""


def opened(path: Path, *, wait: float = LONGEST_WAIT) -> sqlite3.Connection:
    """A connection to the store at `path`, made if it is not there; raises ConfigurationError for a file not ours."""
    try:
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    except sqlite3.OperationalError as error:
        raise ConfigurationError(f"the store could not be opened or made ({error})", source=str(path)) from error
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, alone: BEGIN IMMEDIATE takes the write lock at once, so what is read inside cannot go stale."""
    with _said():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    try:
        with _said():
            brought_up_to_date(connection, str(path))
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
    except sqlite3.OperationalError as error:
        raise ConfigurationError(f"the store cannot be written ({error})", source=str(path)) from error
    except sqlite3.DatabaseError as error:
        raise ConfigurationError(
            f"this file is not a bedrock-audit store ({error}); name another with --store", source=str(path)
        ) from error


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BedrockAuditError(
                "another bedrock-audit is writing to this store; try again when it is done"
            ) from error
        raise
