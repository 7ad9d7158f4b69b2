"""Opens a local store's file and runs transactions on it; knows SQLite, nothing about what is stored."""

from __future__ import annotations

import os
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

PRIVATE = 0o600
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def opened(path: Path, *, wait: float = LONGEST_WAIT) -> sqlite3.Connection:
    """A connection to the store at `path`, made if it is not there; raises ConfigurationError for a file not ours.

    A new file is its owner's alone: findings quote what people wrote. One that may only be read is opened for that.
    """
    is_kept = path.exists() and not _is_writable(path)
    try:
        if not path.exists():
            path.touch(mode=PRIVATE)
        connection = sqlite3.connect(_uri(path, is_kept=is_kept), uri=True, timeout=wait, isolation_level=None)
    except (sqlite3.OperationalError, OSError) as error:
        raise ConfigurationError(f"the store could not be opened or made ({error})", source=str(path)) from error
    try:
        _prepare(connection, path, is_kept=is_kept)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, alone: BEGIN IMMEDIATE takes the write lock at once, so what is read inside cannot go stale."""
    with in_words():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.commit()
        except BaseException:
            connection.rollback()
            raise


@contextmanager
def in_words() -> Iterator[None]:
    """Makes an error that a person can act on of trouble with the file; everything else passes."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = _code(error)
        if code in _BUSY:
            told = "another bedrock-audit is writing to this store; try again when it is done"
        elif code in _FULL:
            told = f"the store cannot be written ({error})"
        elif code in _DAMAGED:
            told = f"the store is damaged ({error}); audit again into another --store"
        else:
            raise
        raise BedrockAuditError(told) from error


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _uri(path: Path, *, is_kept: bool) -> str:
    """Reading needs a file beside the store, which can be made only by whoever may write; without it, nobody writes."""
    has_index = path.with_name(f"{path.name}-shm").exists()
    how = ("mode=ro" if has_index else "immutable=1") if is_kept else "mode=rwc"
    return f"{path.absolute().as_uri()}?{how}"


def _prepare(connection: sqlite3.Connection, path: Path, *, is_kept: bool) -> None:
    try:
        brought_up_to_date(connection, str(path))
        if not is_kept:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
    except sqlite3.OperationalError as error:
        if _code(error) in _BUSY:
            with in_words():
                raise
        raise ConfigurationError(f"the store cannot be written ({error})", source=str(path)) from error
    except sqlite3.DatabaseError as error:
        raise ConfigurationError(
            f"this file is not a bedrock-audit store ({error}); name another with --store", source=str(path)
        ) from error


def _code(error: sqlite3.DatabaseError) -> int:
    """SQLite's own code, without the details; errors of Python's module have none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
