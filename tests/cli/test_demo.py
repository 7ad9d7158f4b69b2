"""The demo: what a first look shows, and that it is the same day every time."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from bedrock_audit.demo import write_day

DAY = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(main, ["demo", "--out", str(folder)], catch_exceptions=False)
    store = str(folder / "demo.db")
    listed = CliRunner().invoke(main, ["findings", "list", "-o", "json", "--store", store], catch_exceptions=False)
    assert (result.exit_code, listed.exit_code) == (0, 0)
    return result.stdout, json.loads(listed.stdout)


def test_it_shows_findings_coverage_and_an_alert(shown):
    text, _ = shown

    for sign in ("Coverage: ", "Subject: [", "See the evidence:", "unapproved-use"):
        assert sign in text


@pytest.mark.parametrize(
    "clause",
    ["disinformation", "privacy-violation", "likeness-without-consent", "harassment-or-harm", "safety-circumvention"],
)
def test_it_has_something_to_see_of_each_clause_it_stages(shown, clause):
    _, findings = shown

    assert clause in {finding["clause"] for finding in findings}


@pytest.mark.parametrize(
    ("verdict", "principal"),
    [
        ("unapproved-use", "role/talent-screening"),
        ("lapsed-approval", "role/triage-notes"),
        ("safeguard-missing", "role/credit-memo"),
        ("coverage-gap", "role/code-assistant"),
        ("could-not-evaluate", ""),
    ],
)
def test_every_verdict_of_the_staged_day_is_there(shown, verdict, principal):
    _, findings = shown

    assert [one for one in findings if one["verdict"] == verdict and one["principal"].endswith(principal)]


def test_the_replayed_conversation_is_one_occurrence(shown):
    _, findings = shown

    (replayed,) = [finding for finding in findings if finding["clause"] == "likeness-without-consent"]
    assert replayed["occurrences"] == 1


def test_innocent_teams_have_no_violations(shown):
    _, findings = shown

    guilty = {one["principal"].rpartition("/")[2] for one in findings if one["verdict"] == "violation"}
    assert guilty <= {"marketing-studio", "sam.intern", "helpdesk-chatbot", "document-search"}


def test_the_same_day_is_the_same_bytes(tmp_path):
    one, other = (write_day(tmp_path / name, day=DAY) for name in ("one", "other"))

    files = [sorted(path for path in logs.rglob("*") if path.is_file()) for logs in (one, other)]
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]
    lines = [line for path in files[0] for line in gzip.decompress(path.read_bytes()).splitlines()]
    assert 300 <= len(lines) <= 310
