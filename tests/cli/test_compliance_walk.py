"""A walk through as a compliance officer: audit, register, see why, let it lapse, resolve, see it reopened."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from tests.log_lines import LENDING, line

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
USE_CASE = f"""\
id: loan-desk
purpose: Draft credit memos that a loan officer decides on
owner: lending@example.com
domains: [lending]
who: {{principals: [role/credit-memo]}}
risk_evaluation: {{reference: RISK-7, date: {TODAY - timedelta(days=90)}, by: Risk office}}
human_oversight: A loan officer decides
testing: {{reference: TEST-3, date: {TODAY - timedelta(days=80)}}}
approver: board@example.com
approved_at: {TODAY - timedelta(days=60)}
expires_at: {TODAY - timedelta(days=12)}
"""


class Officer:
    """The command line on a store and a folder of logs, with what the officer files."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "store.db"
        self.cases = folder / "cases.yaml"
        self.logs = folder / "logs"
        self.logs.mkdir()
        self.calls = 0

    def run(self, *arguments: str) -> object:
        result = CliRunner().invoke(main, [*arguments, "--store", str(self.store), "-o", "json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def call(self, *, at: datetime, role: str = "credit-memo") -> None:
        """A consequential call at that time, in a log of its own; and the audit of all logs there are by then."""
        self.calls += 1
        asked = line(LENDING, request_id=f"r-{self.calls}", role=role, timestamp=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
        (self.logs / f"{self.calls}.json").write_text(asked, encoding="utf-8")
        self.run("audit", str(self.logs))

    def register(self, text: str = USE_CASE) -> None:
        self.cases.write_text(text, encoding="utf-8")
        CliRunner().invoke(main, ["use-case", "apply", str(self.cases), "--yes", "--store", str(self.store)])

    def findings(self) -> list[dict[str, object]]:
        return self.run("findings", "list")

    def why(self) -> str:
        (finding,) = self.findings()
        return f"{finding['verdict']} | {finding['title']} | {' '.join(finding['explanation'])}"


@pytest.fixture
def officer(tmp_path):
    return Officer(tmp_path)


def test_an_undeclared_use_is_found_and_said_to_be_undeclared(officer):
    officer.call(at=NOW - timedelta(days=30))

    assert "unapproved-use | Undeclared purpose: lending by role/credit-memo" in officer.why()


def test_a_registered_use_is_permitted_and_counted(officer):
    officer.register()

    officer.call(at=NOW - timedelta(days=30))

    assert officer.findings() == []
    assert [row["uses"] for row in officer.run("use-case", "usage")] == [1]


def test_why_a_use_was_permitted_can_be_seen_for_each_and_which_nobody_reviewed(officer):
    oversight = "human_oversight: {description: A loan officer decides, human_review: required within 2h}"
    officer.register(USE_CASE.replace("human_oversight: A loan officer decides", oversight))
    for days in (30, 29):
        officer.call(at=NOW - timedelta(days=days))

    officer.run("review", "record", "--request-id", "r-1", "--outcome", "confirmed", "--as", "lee@example.com")
    uses = officer.run("use-case", "uses", "loan-desk")

    approval = f"{TODAY - timedelta(days=60)} to {TODAY - timedelta(days=12)} by board@example.com"
    assert [(use["request_id"], use["approval"], use["reviewed"]) for use in uses] == [
        ("r-2", approval, False),
        ("r-1", approval, True),
    ]
    assert "safeguard-missing | Safeguard missing (human review): lending by role/credit-memo" in officer.why()
    assert [one["request_id"] for one in officer.run("review", "list", "--overdue")] == ["r-2"]


def test_somebody_else_in_the_same_domain_is_told_what_kept_them_out(officer):
    officer.register()

    officer.call(at=NOW - timedelta(days=30), role="chat-bot")

    assert "loan-desk: the caller is role/chat-bot, it names role/credit-memo" in officer.why()


def test_a_lapsed_approval_is_found_resolved_by_renewal_and_reopened_by_the_next_call_without_one(officer):
    officer.register()
    officer.call(at=NOW)

    (lapsed,) = officer.findings()
    assert "lapsed-approval | Approval lapsed: lending by role/credit-memo under loan-desk" in officer.why()
    assert "12 days before this call" in officer.why()

    officer.run("findings", "resolve", str(lapsed["id"]), "--reason", "renewal asked for")
    assert [finding["status"] for finding in officer.findings()] == ["resolved"]

    officer.call(at=NOW + timedelta(hours=1))
    (again,) = officer.findings()
    assert (again["id"], again["status"], again["occurrences"]) == (lapsed["id"], "open", 2)


def test_auditing_everything_again_after_a_renewal_finds_the_same(officer):
    officer.register()
    officer.call(at=NOW - timedelta(days=30))
    officer.call(at=NOW - timedelta(days=3))
    before = officer.findings()

    renewed = USE_CASE.replace(f"approved_at: {TODAY - timedelta(days=60)}", f"approved_at: {TODAY}")
    officer.register(renewed.replace(f"expires_at: {TODAY - timedelta(days=12)}", f"expires_at: {TODAY}"))
    officer.call(at=NOW)

    assert [finding["verdict"] for finding in before] == ["lapsed-approval"]
    assert officer.findings() == before
    assert sum(row["uses"] for row in officer.run("use-case", "usage")) == 2
