"""`audit` as people and scripts use it: every form of input, the JSON contract, the exit codes."""

from __future__ import annotations

import gzip
import json

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from tests.test_pipeline import FINE, LOAN, a_line

FINDING_KEYS = {
    "id", "verdict", "clause", "severity", "disposition", "status", "account", "region", "principal", "attribution",
    "model_id", "first_seen", "last_seen", "occurrences", "evidence", "policy_version", "engine_version", "detector",
    "score",
}  # fmt: skip
USE_CASE = """
id: credit-memo
purpose: Draft memos for credit officers
owner: dana@example.com
domains: [lending]
who: {principals: [role/helpdesk]}
risk_evaluation: {reference: R-1, date: 2026-01-10, by: risk}
human_oversight: {description: An officer decides}
testing: {reference: T-1, date: 2026-01-12}
status: approved
approver: ines@example.com
approved_at: 2026-02-01
expires_at: 2027-02-01
"""


@pytest.fixture
def run(tmp_path):
    def run(*arguments, stdin=None):
        return CliRunner().invoke(main, ["audit", *map(str, arguments), "--store", str(tmp_path / "a.db")], input=stdin)

    return run


@pytest.fixture
def log(tmp_path):
    def write(*lines, name="day.json", zipped=False):
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = "\n".join(lines).encode()
        path.write_bytes(gzip.compress(data) if zipped else data)
        return path

    return write


def counted(result):
    return json.loads(result.stdout)["coverage"]["records"]


def test_the_json_is_the_contract(run, log):
    outcome = json.loads(run(log(a_line(LOAN, "Decline."), a_line(FINE, "Ship.")), "-o", "json").stdout)

    assert set(outcome) == {"coverage", "findings", "new", "seen"}
    assert (outcome["new"], outcome["seen"]) == (1, 0)
    (finding,) = outcome["findings"]
    assert set(finding) >= FINDING_KEYS
    assert (finding["verdict"], finding["domain"]) == ("unapproved-use", "lending")
    assert finding["first_seen"] == "2026-11-23T10:00:00Z"
    assert set(finding["evidence"]) >= {"object", "line", "request_id", "location", "spans"}
    coverage = outcome["coverage"]
    assert coverage["records"] == coverage["audited"] + coverage["unreadable"] + coverage["unscanned"] == 2


def test_auditing_again_finds_nothing_new(run, log):
    path = log(a_line(LOAN, "Decline."))

    run(path)
    again = json.loads(run(path, "-o", "json").stdout)

    assert (again["new"], again["seen"]) == (0, 1)
    assert again["findings"][0]["occurrences"] == 1


def test_folders_are_read_recursively_and_gzip_by_its_magic(run, log):
    log(a_line(FINE, "a"), name="one/plain.json.gz")
    log(a_line(FINE, "b"), name="two/deep/packed.json", zipped=True)

    assert counted(run(log(a_line(FINE, "c")).parent, "-o", "json")) == 3


def test_several_gzip_members_are_one_log(run, tmp_path):
    path = tmp_path / "two.json.gz"
    path.write_bytes(b"".join(gzip.compress(a_line(FINE, text).encode() + b"\n") for text in "ab"))

    assert counted(run(path, "-o", "json")) == 2


def test_standard_input(run):
    assert counted(run("-", "-o", "json", stdin=a_line(FINE, "a") + "\n" + a_line(FINE, "b"))) == 2


def test_use_cases_permit(run, log, tmp_path):
    register = tmp_path / "use-cases.yaml"
    register.write_text(USE_CASE)

    result = run(log(a_line(LOAN, "Decline.")), "--use-cases", register, "-o", "json")

    assert json.loads(result.stdout)["findings"] == []
    assert result.exit_code == 0


@pytest.mark.parametrize(("severity", "code"), [("low", 1), ("critical", 0)])
def test_fail_on_a_severity(run, log, severity, code):
    assert run(log(a_line(LOAN, "Decline.")), "--fail-on", severity).exit_code == code


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param(["not a log at all"], "unreadable", id="not a log"),
        pytest.param([a_line(FINE, "a")[:200]], "unreadable", id="cut off"),
        pytest.param([a_line(FINE, "a", input={"inputTokenCount": 9}, output={})], "unscanned", id="no bodies"),
    ],
)
def test_what_could_not_be_audited_is_counted_and_exits_with_3(run, log, lines, reason):
    result = run(log(*lines), "-o", "json")

    assert result.exit_code == 3
    assert json.loads(result.stdout)["coverage"][reason] == 1


def test_an_empty_file_is_an_object_without_records(run, log):
    result = run(log(), "-o", "json")

    assert (result.exit_code, counted(result)) == (0, 0)


def test_a_person_reads_findings_coverage_and_what_to_do_next(run, log):
    text = run(log(a_line(LOAN, "Decline."))).stdout

    assert "unapproved-use" in text
    assert "Coverage: 1 of 1 invocations audited" in text
    assert "Next: bedrock-audit findings show u-" in text


def test_alerts_are_written_where_asked_and_only_for_news(run, log, tmp_path):
    path, alerts = log(a_line(LOAN, "Decline.")), tmp_path / "alerts.txt"

    run(path, "--alert", alerts)
    run(path, "--alert", alerts)

    assert alerts.read_text().count("Subject: ") == 1
    assert "income 2,100" not in alerts.read_text()


def test_a_period(run, log):
    path = log(a_line(LOAN, "Decline."), a_line(LOAN, "Decline.", timestamp="2026-11-24T10:00:00Z"))

    assert counted(run(path, "--since", "2026-11-24", "-o", "json")) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(["--use-cases", "missing.yaml"], "missing.yaml", id="use cases"),
        pytest.param(["--clauses", "missing"], "missing", id="clauses"),
        pytest.param(["--fail-on", "awful"], "awful", id="severity"),
    ],
)
def test_wrong_settings_are_one_line_and_exit_with_2(run, log, options, said):
    result = run(log(a_line(FINE, "a")), *options)

    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
