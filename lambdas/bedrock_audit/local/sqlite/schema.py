"""The tables of a local store and how an older file becomes a current one; knows SQL, nothing about findings.

Documents are JSON of the values; the columns beside them are what is asked for. Times are text of one width, so that
they sort as they follow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bedrock_audit.errors import ConfigurationError

APPLICATION_ID = 0x62644175
"""Written into the file's header ("bdAu"), so that another program's database is never taken for ours."""

STEPS = (
    """
    CREATE TABLE findings (
        id TEXT PRIMARY KEY, revision INTEGER NOT NULL, face TEXT NOT NULL, last_seen TEXT NOT NULL,
        clause TEXT NOT NULL, verdict TEXT NOT NULL, severity INTEGER NOT NULL, status TEXT NOT NULL,
        account TEXT NOT NULL, principal TEXT NOT NULL, use_case TEXT, document BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX findings_by_time ON findings (last_seen, id);
    CREATE TABLE occurrences (
        id TEXT PRIMARY KEY, finding_id TEXT NOT NULL, at TEXT NOT NULL, document BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX occurrences_by_finding ON occurrences (finding_id, at, id);
    CREATE TABLE use_cases (
        id TEXT NOT NULL, version INTEGER NOT NULL, document BLOB NOT NULL, PRIMARY KEY (id, version)
    ) WITHOUT ROWID;
    CREATE TABLE suppressions (id TEXT PRIMARY KEY, document BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE objects (
        key TEXT PRIMARY KEY, begins TEXT NOT NULL, ends TEXT NOT NULL, document BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX objects_by_time ON objects (begins, key);
    """,
    """
    CREATE TABLE usages (
        id TEXT PRIMARY KEY, use_case TEXT NOT NULL, domain TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL,
        end_user TEXT NOT NULL, request_id TEXT NOT NULL, review_due TEXT, document BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX usages_by_day ON usages (use_case, day, domain, end_user);
    CREATE INDEX usages_by_time ON usages (use_case, at, request_id);
    CREATE INDEX usages_by_review ON usages (review_due, id) WHERE review_due IS NOT NULL;
    CREATE TABLE reviews (
        id TEXT PRIMARY KEY, request_id TEXT NOT NULL, at TEXT NOT NULL, document BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX reviews_by_request ON reviews (request_id, at, id);
    """,
)
"""One script per schema version, only ever appended to; `user_version` counts those a file has had."""


def brought_up_to_date(connection: sqlite3.Connection, source: str, *, steps: Sequence[str] = STEPS) -> None:
    """Give a new file its tables, an older one what it lacks; raises ConfigurationError for a file that is not ours."""
    if _version(connection) == len(steps) and _application(connection) == APPLICATION_ID:
        return
    connection.execute("BEGIN IMMEDIATE")  # two processes may open a new file at once; the second finds it done
    try:
        _check(connection, source, newest=len(steps))
        for step in steps[_version(connection) :]:
            _run(connection, step)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _check(connection: sqlite3.Connection, source: str, *, newest: int) -> None:
    if _application(connection) != APPLICATION_ID and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise ConfigurationError(
            "this is another program's SQLite database; name another file with --store", source=source
        )
    if _version(connection) > newest:
        raise ConfigurationError(
            f"a newer bedrock-audit wrote this store (schema {_version(connection)}, this one knows {newest}); upgrade",
            source=source,
        )


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: `executescript` would commit the surrounding transaction first."""
    for statement in script.split(";"):
        if statement.strip():
            connection.execute(statement)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _application(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA application_id").fetchone()[0])
