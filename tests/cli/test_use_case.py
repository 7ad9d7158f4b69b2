"""`bedrock-audit use-case` as a compliance officer and a product team use it, on a store of its own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from bedrock_audit.finding import Usage
from bedrock_audit.local import open_stores
from bedrock_audit.review import Review, ReviewOutcome

NOW = datetime.now(UTC)
SOON = (NOW + timedelta(days=20)).date().isoformat()
DRAFT = """\
id: loan-desk
purpose: Draft credit memos for loan officers
owner: lending@example.com
domains: [lending]
who: {principals: [role/credit-memo]}
risk_evaluation: {reference: RISK-7, date: 2026-02-01, by: risk office}
human_oversight: {description: A loan officer decides, human_review: required within 24h}
testing: {reference: TEST-3, date: 2026-02-14}
"""


class Desk:
    """A store, a file of use cases, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "store.db"
        self.file = folder / "cases.yaml"
        self.file.write_text(DRAFT, encoding="utf-8")

    def run(self, *arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["use-case", *arguments, "--store", str(self.store)])
        assert result.exit_code == code, result.output
        return result.output

    def rows(self, *arguments: str) -> list[dict[str, object]]:
        result = CliRunner().invoke(main, ["use-case", *arguments, "--store", str(self.store), "-o", "json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def apply(self, *more: str) -> list[dict[str, object]]:
        return self.rows("apply", str(self.file), "--yes", *more)

    def approve(self, *more: str) -> str:
        return self.run("approve", "loan-desk", "--as", "board", "--reason", "board 14", "--expires", SOON, *more)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_applying_shows_the_plan_and_does_it_once(desk):
    (first,) = desk.apply()
    (again,) = desk.apply()

    assert (first["action"], first["note"]) == ("add", "permits nothing until it is approved")
    assert again["action"] == "keep"
    assert [row["standing"] for row in desk.rows("list")] == ["draft"]


def test_nothing_is_changed_when_there_is_nobody_to_ask(desk):
    text = desk.run("apply", str(desk.file), code=2)

    assert "add" in text
    assert "1 change to make and nobody to ask; say --yes if the plan is right" in text
    assert desk.rows("list") == []


@pytest.mark.parametrize(("answer", "kept"), [("y", ["loan-desk"]), ("n", [])])
def test_a_person_is_asked(desk, answer, kept):
    program = Path(sys.executable).with_name("bedrock-audit")
    near, far = pty.openpty()
    command = [program, "use-case", "apply", desk.file, "--store", desk.store]
    with subprocess.Popen(command, stdin=far, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        os.write(near, f"{answer}\n".encode())
        _, asked = running.communicate(timeout=60)
    os.close(near)
    os.close(far)

    assert b"Make 1 change?" in asked
    assert running.returncode == (0 if kept else 2)
    assert [row["id"] for row in desk.rows("list")] == kept


def test_nothing_is_applied_when_one_use_case_is_refused(desk):
    desk.file.write_text(f"{DRAFT}---\n{DRAFT.replace('loan-desk', 'other').replace('lending]', 'lendign]')}", "utf-8")

    text = desk.run("apply", str(desk.file), "--yes", code=2)

    assert f"{desk.file}:13: domains[0]: 'lendign' is not known; did you mean lending?" in text
    assert not desk.store.exists()


def test_everything_wrong_in_the_files_is_told_in_a_line_each(desk):
    wrong = DRAFT.replace("date: 2026-02-01", "date: 2199-01-01").replace("date: 2026-02-14", "date: 1999-12-31")
    desk.file.write_text(f"{wrong}review_interval: often\n---\n{wrong}", "utf-8")

    text = desk.run("apply", str(desk.file), "--yes", code=2)

    assert [line.removeprefix(f"Error: {desk.file}:").partition(": ")[0] for line in text.splitlines()] == [
        "9",
        "16",
        "18",
    ]


def test_approving_suspending_and_approving_again_is_remembered(desk):
    desk.apply("--as", "ann", "--reason", "merge 12")
    desk.approve()
    desk.run("suspend", "loan-desk", "--as", "cho", "--reason", "complaint 3")
    desk.approve()

    shown = desk.rows("show", "loan-desk")

    assert shown["standing"] == "in force"
    assert [(step["version"], step["changed_by"], step["change_reason"]) for step in shown["versions"]] == [
        (1, "ann", "merge 12"),
        (2, "board", "board 14"),
        (3, "cho", "complaint 3"),
        (4, "board", "board 14"),
    ]


def test_a_suspended_use_case_stays_so_when_applied_again(desk):
    desk.apply()
    desk.approve()
    desk.run("suspend", "loan-desk", "--reason", "complaint 3")

    (row,) = desk.apply()

    assert (row["action"], "stays suspended" in row["note"]) == ("keep", True)
    assert "was suspended already" in desk.run("suspend", "loan-desk", "--reason", "again")


def test_pruning_suspends_what_is_gone_from_the_files(desk):
    desk.apply()
    desk.approve()
    desk.file.write_text(DRAFT.replace("loan-desk", "rent-desk").replace("lending]", "housing]"), "utf-8")

    assert [row["action"] for row in desk.apply()] == ["add"]
    assert [(row["id"], row["action"]) for row in desk.apply("--prune")] == [
        ("loan-desk", "suspend"),
        ("rent-desk", "keep"),
    ]
    assert {row["id"]: row["standing"] for row in desk.rows("list")}["loan-desk"] == "suspended"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("approve", "loan-desk", "--as", "lending@example.com", "--expires", SOON), "its own", id="owner"),
        pytest.param(("approve", "loan-desk", "--as", "board"), "until when? give --expires", id="without an end"),
        pytest.param(
            ("approve", "loan-desk", "--as", "board", "--expires", "9999-12-31"), "over 10 years after", id="for ever"
        ),
        pytest.param(("suspend", "loan-desk", "--as", "x" * 300), "--as is longer than 256", id="an endless name"),
        pytest.param(("approve", "loan-dsk", "--as", "board"), "did you mean loan-desk?", id="a misspelt id"),
        pytest.param(("suspend", "nothing"), "there is no use case 'nothing'", id="an unknown id"),
    ],
)
def test_a_change_that_cannot_be_made_is_one_clear_line(desk, arguments, message):
    desk.apply()

    text = desk.run(*arguments, "--reason", "x", code=2)

    assert message.replace("its own", "nobody approves their own") in text


def test_every_change_needs_a_reason(desk):
    desk.apply()

    assert "--reason" in desk.run("suspend", "loan-desk", code=2)


def test_show_reads_well_for_a_person(desk):
    desk.apply()

    text = desk.run("show", "loan-desk")

    assert "human_oversight.description" in text
    assert "Versions" in text


@pytest.mark.parametrize(("days", "found"), [("10", []), ("30", ["loan-desk"])])
def test_what_expires_soon_is_shown_in_time(desk, days, found):
    desk.apply()
    desk.approve()

    assert [row["id"] for row in desk.rows("expire-soon", "--days", days)] == found


def test_a_review_of_the_use_case_itself_that_is_due_is_shown(desk):
    desk.file.write_text(f"{DRAFT}review_interval: 5 days\n", "utf-8")
    desk.apply()
    desk.approve()

    (row,) = desk.rows("expire-soon", "--days", "10")

    due = (NOW + timedelta(days=5)).date().isoformat()
    assert row["review_due"] == due
    assert due in desk.run("expire-soon", "--days", "10")


def use(store, request_id, *, end_user=""):
    day = NOW.replace(hour=12, minute=0)
    store.ledger.record_usage(
        Usage(
            id=f"g-{request_id}",
            use_case="loan-desk",
            domain="lending",
            account="123456789012",
            principal="arn:aws:iam::123456789012:role/credit-memo",
            identity=request_id,
            request_id=request_id,
            at=day,
            object="day.json.gz",
            line=1,
            end_user=end_user,
        )
    )


def test_usage_counts_uses_end_users_and_reviews_by_day(desk):
    desk.apply()
    with open_stores(desk.store) as stores:
        for request_id, end_user in (("r-1", "u-1"), ("r-2", "u-1"), ("r-3", "u-2"), ("r-4", "")):
            use(stores, request_id, end_user=end_user)
        stores.reviews.record(Review("r-1", "officer", ReviewOutcome.CONFIRMED, NOW))

    (row,) = desk.rows("usage", "loan-desk")

    assert (row["uses"], row["end_users"], row["reviewed"], row["review_rate"]) == (4, 2, "1 of 4", 0.25)
    assert desk.rows("usage", "--until", "2020-01-01") == []


def test_each_permitted_use_is_shown_with_the_approval_that_permitted_it(desk):
    desk.apply()
    desk.approve()
    with open_stores(desk.store) as stores:
        for request_id in ("r-1", "r-2"):
            use(stores, request_id)
        stores.reviews.record(Review("r-1", "officer", ReviewOutcome.CONFIRMED, NOW))

    rows = desk.rows("uses", "loan-desk")

    approval = f"{NOW.date()} to {SOON} by board"
    assert {(row["request_id"], row["approval"], row["reviewed"]) for row in rows} == {
        ("r-1", approval, True),
        ("r-2", approval, False),
    }
    assert [row["who"] for row in desk.rows("uses", "loan-desk", "--limit", "1")] == ["role/credit-memo"]
    assert f"Permitted by the approval of {approval}." in desk.run("uses", "loan-desk")
    assert desk.rows("uses", "loan-desk", "--until", "2020-01-01") == []


def test_a_use_case_that_only_an_audit_of_files_knew_has_its_uses_shown(desk):
    with open_stores(desk.store) as stores:
        use(stores, "r-1")

    assert [row["approval"] for row in desk.rows("uses", "loan-desk")] == [""]
    assert "is not registered in this store" in " ".join(desk.run("uses", "loan-desk").split())
    assert "there is no use case 'loan-dsk'" in desk.run("uses", "loan-dsk", code=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("expire-soon", "--days", "99999999"), "--days", id="a horizon beyond all calendars"),
        pytest.param(("usage", "loan-dsk"), "did you mean loan-desk?", id="usage of nothing"),
        pytest.param(("usage", "--since", "2026-11-24", "--until", "2026-11-23"), "must not be before", id="no day"),
        pytest.param(("uses", "loan-desk", "--since", "0001-01-01T00:00:00+14:00"), "is no time", id="year one"),
    ],
)
def test_a_question_that_has_no_answer_is_one_clear_line(desk, arguments, message):
    desk.apply()

    assert message in desk.run(*arguments, code=2)


def test_the_schema_is_printed_for_editors(desk):
    assert '"UseCase"' in CliRunner().invoke(main, ["use-case", "schema"]).output
