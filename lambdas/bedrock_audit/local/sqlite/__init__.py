"""The ports on one SQLite file: the embedded default, no server and no account."""

from __future__ import annotations

from pathlib import Path

from bedrock_audit.local.sqlite.database import LONGEST_WAIT, opened
from bedrock_audit.local.sqlite.findings import SqliteFindings
from bedrock_audit.local.sqlite.ledger import SqliteLedger
from bedrock_audit.local.sqlite.registry import SqliteSuppressions, SqliteUseCases
from bedrock_audit.local.sqlite.reviews import SqliteReviews
from bedrock_audit.local.sqlite.writing import SqliteBacking
from bedrock_audit.ports import Stores
from bedrock_audit.recording import Unit

MOST_GATHERED = 5000
"""Some 15 MB in memory, and well under a second of holding the file against other writers."""


def open_stores(path: Path, *, wait: float = LONGEST_WAIT) -> Stores:
    """The stores in the file at `path`, made if it is not there; waits `wait` seconds for another process's write.

    Raises ConfigurationError for a file that is no database, another program's, or of a newer schema.
    """
    connection = opened(path, wait=wait)
    backing = SqliteBacking(connection)
    unit = Unit(backing, most=MOST_GATHERED)
    return Stores(
        findings=SqliteFindings(connection, backing=backing, unit=unit),
        use_cases=SqliteUseCases(connection),
        suppressions=SqliteSuppressions(connection),
        ledger=SqliteLedger(connection, unit=unit),
        reviews=SqliteReviews(connection, unit=unit),
        close=connection.close,
    )
