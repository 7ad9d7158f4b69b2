"""`policy`: list, show, check, docs and schema as people and scripts use them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from bedrock_audit.policy import load_policy
from tests.policy.written import HEAD, a_folder, seeing

CASES = "cases:\n  must-match: [{text: A red fox.}]\n  must-not-match: [{text: A hen., why: another}]\n"


def policy(*words):
    return CliRunner().invoke(main, ["policy", *map(str, words)])


def test_list_has_a_row_for_every_clause():
    done = policy("list", "--output", "json")

    rows = json.loads(done.stdout)
    assert [row["id"] for row in rows] == [clause.id for clause in load_policy().clauses]
    assert {"title", "severity", "stage", "kind", "domain", "languages"} <= rows[0].keys()


def test_list_knows_own_clauses(tmp_path):
    done = policy("list", "--clauses", a_folder(tmp_path, seeing("red fox")), "--output", "csv")

    assert "Speaks of a fox" in done.stdout


def test_show_tells_a_clause():
    done = policy("show", "disinformation")

    assert done.exit_code == 0
    assert done.stdout.startswith("disinformation: ")
    assert "prohibition, severity" in done.stdout
    assert "  ISO/IEC 42001: A.9.4 Intended use of the AI system\n" in done.stdout


def test_show_tells_programs_too():
    told = json.loads(policy("show", "minor-harm", "--output", "json").stdout)

    assert told["id"] == "minor-harm"
    assert told["mappings"]
    assert all(0 < rule["score"] <= 1 for rule in told["rule_details"])


def test_show_of_an_unknown_clause_is_a_clear_line():
    done = policy("show", "nonsense")

    assert done.exit_code == 2
    assert "there is no clause 'nonsense'" in done.stderr


def test_check_of_clauses_that_are_right(tmp_path):
    done = policy("check", a_folder(tmp_path, seeing("red fox") + CASES), "--clause", "fox")

    assert done.exit_code == 0
    assert done.stdout.splitlines() == ["fox: 2 of 2 cases as they should be", "2 cases, 0 wrong"]


def test_check_of_clauses_that_are_wrong(tmp_path):
    done = policy("check", a_folder(tmp_path, seeing("hen") + CASES), "--clause", "fox")

    assert done.exit_code == 1
    assert "line 16, must-match: 'A red fox.' -> does not match" in done.stdout
    assert "line 17, must-not-match: 'A hen.' -> matches" in done.stdout


def test_check_tells_programs_too(tmp_path):
    done = policy("check", a_folder(tmp_path, seeing("hen") + CASES), "--clause", "fox", "--output", "json")

    (report,) = json.loads(done.stdout)
    assert [one["trouble"] for one in report["wrong"]] == ["does not match", "matches"]


def test_check_prints_rows_for_spreadsheets(tmp_path):
    done = policy("check", a_folder(tmp_path, seeing("hen") + CASES), "--clause", "fox", "-o", "csv")

    assert done.stdout.splitlines()[:2] == [
        "clause,must_match,must_not_match,wrong,warnings",
        "fox,1,1,2,rule speaks holds for none of its cases",
    ]


def test_check_of_a_clause_that_is_switched_off_says_so(tmp_path):
    done = policy("check", a_folder(tmp_path, seeing("hen"), head="enabled: false\n" + HEAD), "--clause", "fox")

    assert "switched off, so there is nothing to check: fox" in done.stderr


def test_docs_tell_own_clauses_too(tmp_path):
    done = policy("docs", "--clauses", a_folder(tmp_path, seeing("red fox") + CASES))

    assert "\n## fox\n" in done.stdout
    assert "- `A red fox.`" in done.stdout


def test_check_shows_every_case_when_asked(tmp_path):
    done = policy("check", a_folder(tmp_path, seeing("red fox") + CASES), "--clause", "fox", "--verbose")

    assert "'A red fox.' -> as it should" in done.stdout
    assert "turn: rule speaks holds" in done.stdout


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(seeing("red (fox"), "fox.yaml:8: signals.seen.phrases[0]", id="a phrase"),
        pytest.param("severity: low\n", "'severity' is given twice", id="a key given twice"),
    ],
)
def test_check_of_a_clause_that_cannot_be_used_is_one_line(tmp_path, body, message):
    done = policy("check", a_folder(tmp_path, body))

    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_check_of_a_clause_that_is_not_there(tmp_path):
    done = policy("check", tmp_path, "--clause", "fox")

    assert done.exit_code == 2
    assert "there is no clause 'fox'" in done.stderr


def test_docs_tell_every_clause_and_show_no_words_about_minors(tmp_path):
    out = tmp_path / "clauses.md"

    done = policy("docs", "--out", out)

    text = out.read_text(encoding="utf-8")
    section = text.partition("\n## minor-harm\n")[2].partition("\n## ")[0]
    assert done.exit_code == 0
    assert all(f"\n## {clause.id}\n" in text for clause in load_policy().clauses)
    assert "never any text" in section
    assert "for example" not in section
    assert policy("docs").stdout == text


def test_schema_is_printed():
    assert json.loads(policy("schema").stdout)["title"] == "A clause of bedrock-audit"


def test_every_clause_has_one_line_of_a_terminal():
    listed = CliRunner().invoke(main, ["policy", "list"], env={"COLUMNS": "80"}).stdout.splitlines()

    shown = [line.split()[0] for line in listed[3:] if line.strip()]
    assert shown == [clause.id for clause in load_policy().clauses]
