"""`audit` as people and scripts use it: every form of input, the JSON contract, the exit codes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from tests.log_lines import LENDING, line
from tests.policy.written import a_folder, seeing
from tests.test_pipeline import FINE, LOAN, a_line

FINDING_KEYS = {
    "id", "verdict", "clause", "severity", "disposition", "status", "account", "region", "principal", "attribution",
    "model_id", "first_seen", "last_seen", "occurrences", "evidence", "policy_version", "engine_version", "detector",
    "score",
}  # fmt: skip
UNOPENABLE = Path("/proc/self/mem")
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


def audited_so_far(folder):
    """Objects known to coverage, and findings."""
    store = ("--store", str(folder / "a.db"), "-o", "json")
    coverage, findings = (
        CliRunner().invoke(main, [*command, *store]) for command in (["coverage"], ["findings", "list"])
    )
    return len(json.loads(coverage.stdout)), len(json.loads(findings.stdout))


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


def test_a_file_is_one_object_however_its_path_is_spelled(run, log, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = log(a_line(FINE, "a")[:200])

    spelled = [path, "logs/day.json", "./logs/day.json", "logs/../logs/day.json", "logs"]
    names = {json.loads(run(one, "-o", "json").stdout)["findings"][0]["evidence"]["object"] for one in spelled}

    assert names == {str(path)}
    assert audited_so_far(tmp_path) == (1, 1)


def test_what_is_named_twice_is_audited_once(run, log):
    path = log(a_line(FINE, "a"))

    assert counted(run(path, path.parent, path, "-o", "json")) == 1


def test_what_is_piped_in_takes_nothing_from_what_was_piped_in_before(run, tmp_path):
    broken, other = a_line(FINE, "a")[:200], a_line(FINE, "b")[:200]

    for piped in (broken, other, broken):
        run("-", stdin=piped)

    assert audited_so_far(tmp_path) == (2, 2)


def test_a_long_pipe_is_read_to_its_end(run):
    lines = [a_line(FINE, f"{number} " * 500) for number in range(100)]

    assert counted(run("-", "-o", "json", stdin="\n".join(lines))) == 100


@pytest.mark.skipif(not UNOPENABLE.exists(), reason="needs a file that nobody can read, whoever runs the tests")
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_audited(run, log):
    result = run(UNOPENABLE, log(a_line(FINE, "a")), "-o", "json")

    outcome = json.loads(result.stdout)
    assert (outcome["coverage"]["audited"], outcome["coverage"]["unreadable"]) == (1, 1)
    assert outcome["coverage"]["gaps"] == {"not-opened": 1}
    assert [finding["verdict"] for finding in outcome["findings"]] == ["could-not-evaluate"]
    assert result.stderr.startswith(f"{UNOPENABLE}: cannot be read")
    assert result.exit_code == 3


def test_an_audit_of_a_period_leaves_the_coverage_of_the_whole_as_it_is(run, log, tmp_path):
    path = log(*(a_line(FINE, "a", request_id=name) for name in "ab"))

    run(path)
    told = run(path, "--until", "2020-01-01").stdout

    assert "2 left out: no invocations, or outside the period" in told
    stored = CliRunner().invoke(main, ["coverage", "--store", str(tmp_path / "a.db"), "-o", "json"]).stdout
    assert [row["records"] for row in json.loads(stored)] == [2]


def test_use_cases_permit(run, log, tmp_path):
    register = tmp_path / "use-cases.yaml"
    register.write_text(USE_CASE)

    result = run(log(a_line(LOAN, "Decline.")), "--use-cases", register, "-o", "json")

    assert json.loads(result.stdout)["findings"] == []
    assert result.exit_code == 0


@pytest.mark.parametrize(("severity", "code"), [("low", 1), ("critical", 0)])
def test_fail_on_a_severity(run, log, severity, code):
    assert run(log(a_line(LOAN, "Decline.")), "--fail-on", severity).exit_code == code


def test_a_clause_on_trial_is_told_as_such_and_fails_nothing(run, log, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    a_folder(folder, "stage: shadow\n" + seeing("red fox"))

    done = run(log(a_line("A red fox?", "Yes.")), "--clauses", folder, "--fail-on", "low")

    assert done.exit_code == 0
    assert "fox (on trial)" in done.stdout


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
    path = log()

    result = run(path, "-o", "json")

    assert (result.exit_code, counted(result)) == (0, 0)
    assert result.stderr == f"{path}: holds no records\n"


def test_a_folder_without_logs_says_so(run, tmp_path):
    result = run(tmp_path, "-o", "json")

    assert (result.exit_code, counted(result)) == (0, 0)
    assert result.stderr == f"no log files in {tmp_path}\n"


def test_a_person_reads_findings_coverage_and_what_to_do_next(run, log):
    text = run(log(a_line(LOAN, "Decline."))).stdout

    assert "unapproved-use" in text
    assert "Coverage: 1 of 1 invocations audited" in text
    assert "Next: bedrock-audit findings show u-" in text


def test_what_was_not_seen_is_told_with_its_reason_and_its_file(run, log):
    """Nobody called there: a person needs to know which file to look at, and for what."""
    shown = run(log("not a log at all", name="notes.json")).stdout

    assert "Unreadable:" in shown
    assert "notes.json" in shown


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


def test_of_many_findings_a_person_is_shown_the_worst_and_programs_all(run, tmp_path):
    path = tmp_path / "many.json"
    path.write_text("\n".join(line(LENDING, request_id=f"r-{n}", role=f"role-{n}") for n in range(60)), "utf-8")

    shown, told = run(path).stdout, json.loads(run(path, "-o", "json").stdout)

    assert shown.count("unapproved-use") == 50
    assert "and 10 more, as severe or less: bedrock-audit findings list --store" in shown
    assert len(told["findings"]) == 60
