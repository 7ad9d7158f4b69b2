"""The file of a local store: made, brought up to date, shared between processes, refused when it is not ours."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import pytest

from bedrock_audit.errors import BedrockAuditError, ConfigurationError
from bedrock_audit.local import in_words, open_stores
from bedrock_audit.local.sqlite.schema import STEPS, brought_up_to_date
from bedrock_audit.ports import FindingQuery
from tests.stores.sightings import minutes, seen, used

A = seen().finding.id


def version_of(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_a_new_file_is_of_the_current_schema(tmp_path):
    path = tmp_path / "findings.db"

    with open_stores(path) as stores:
        assert stores.findings.get(A) is None

    assert version_of(path) == len(STEPS)


def test_an_older_file_keeps_its_findings_and_gets_what_it_lacked(tmp_path):
    path = tmp_path / "findings.db"
    with sqlite3.connect(path, isolation_level=None) as connection:
        brought_up_to_date(connection, str(path), steps=STEPS[:1])
    assert version_of(path) == 1
    record_into_version_1(path)

    with open_stores(path) as stores:
        assert stores.findings.get(A).occurrences == 1
        assert stores.ledger.record_usage(used())

    assert version_of(path) == len(STEPS)


def record_into_version_1(path):
    """What an older bedrock-audit would have stored: the tables of step 1 have not changed since."""
    source = path.with_name("newer.db")
    with open_stores(source) as stores:
        stores.findings.record(seen())
    with sqlite3.connect(path) as connection:
        connection.execute("ATTACH ? AS newer", (str(source),))
        connection.execute("INSERT INTO findings SELECT * FROM newer.findings")
        connection.execute("INSERT INTO occurrences SELECT * FROM newer.occurrences")


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "findings.db"
    with sqlite3.connect(path, isolation_level=None) as connection:
        with pytest.raises(sqlite3.OperationalError):
            brought_up_to_date(
                connection, str(path), steps=(STEPS[0], "CREATE TABLE reviews (id TEXT); CREATE nonsense")
            )

        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def garbage(path):
    path.write_bytes(b"not a database, but long enough to look like one " * 100)


def newer(path):
    open_stores(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")


def of_another_program(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def a_folder(path):
    path.mkdir()


@pytest.mark.parametrize(
    ("made", "said"),
    [
        pytest.param(garbage, "not a bedrock-audit store", id="no database"),
        pytest.param(newer, "a newer bedrock-audit wrote this store", id="a newer schema"),
        pytest.param(of_another_program, "another program's SQLite database", id="another program's"),
        pytest.param(a_folder, "could not be opened or made", id="a folder"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_left_alone(tmp_path, made, said):
    path = tmp_path / "findings.db"
    made(path)
    before = path.read_bytes() if path.is_file() else None

    with pytest.raises(ConfigurationError, match=said) as refusal:
        open_stores(path)

    assert refusal.value.source == str(path)
    assert before is None or path.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "no-such-folder" / "findings.db"

    with pytest.raises(ConfigurationError, match=r"no-such-folder.*could not be opened or made"):
        open_stores(path)


def test_a_writer_that_waits_in_vain_is_told_why(tmp_path):
    path = tmp_path / "findings.db"
    with open_stores(path, wait=0.05) as stores, sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(BedrockAuditError, match="another bedrock-audit is writing to this store"):
            stores.findings.record(seen())

        other.rollback()
        stores.findings.record(seen())
        assert stores.findings.get(A).occurrences == 1


def test_a_file_can_be_read_while_it_is_written(tmp_path):
    path = tmp_path / "findings.db"
    with open_stores(path, wait=0.05) as reader, sqlite3.connect(path, isolation_level=None) as other:
        reader.findings.record(seen())
        other.execute("BEGIN IMMEDIATE")

        assert reader.findings.get(A).occurrences == 1


def test_a_long_audit_does_not_hold_the_file(tmp_path):
    path = tmp_path / "findings.db"
    with open_stores(path, wait=0.05) as auditor, open_stores(path, wait=0.05) as officer, auditor.findings.unit():
        auditor.findings.record(seen("req-1"))

        officer.findings.record(seen("req-2", at=minutes(1)))

        assert auditor.findings.get(A).occurrences == 2


WRITER = """
import sys
from pathlib import Path
from bedrock_audit.local import in_words, open_stores
from tests.stores.sightings import minutes, seen
with open_stores(Path(sys.argv[1])) as stores:
    for number in range(60):
        stores.findings.record(seen(f"req-{number}", at=minutes(number)))
"""


def test_two_processes_write_one_file(tmp_path):
    path = tmp_path / "findings.db"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, path], env={"PYTHONPATH": ":".join(filter(None, sys.path))})
        for _ in range(2)
    ]

    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]

    with open_stores(path) as stores:
        assert stores.findings.get(A).occurrences == 60
        assert len(list(stores.findings.occurrences(A))) == 60


def test_a_text_with_a_wildcard_of_sql_is_only_a_text(tmp_path):
    with open_stores(tmp_path / "findings.db") as stores:
        stores.findings.record(seen(principal="role/100%_sure"))

        assert len(list(stores.findings.query(FindingQuery(principal="role/100%*")))) == 1
        assert list(stores.findings.query(FindingQuery(principal="role/1%*"))) == []


def test_a_new_file_is_its_owners_alone(tmp_path):
    path = tmp_path / "findings.db"

    with open_stores(path) as stores:
        stores.findings.record(seen())
        assert {file.stat().st_mode & 0o077 for file in tmp_path.iterdir()} == {0}


def test_a_file_that_may_only_be_read_is_read(tmp_path, monkeypatch):
    path = tmp_path / "findings.db"
    with open_stores(path) as stores:
        stores.findings.record(seen())
    monkeypatch.setattr("os.access", lambda _path, how: how != os.W_OK)

    with open_stores(path) as stores:
        assert stores.findings.get(A).occurrences == 1
        with pytest.raises(BedrockAuditError, match="cannot be written"):
            stores.findings.record(seen(at=minutes(1)))


def test_a_damaged_file_is_told_in_words(tmp_path):
    path = tmp_path / "findings.db"
    with open_stores(path) as stores:
        for number in range(200):
            stores.findings.record(seen(matter=str(number)))
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + bytes(len(whole) - 8192))

    with pytest.raises(BedrockAuditError, match="damaged"), in_words(), open_stores(path) as stores:
        list(stores.findings.query(FindingQuery()))
