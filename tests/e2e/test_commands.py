"""The command line on the deployed stack: queries with an analyst's permissions, backfill, redrive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bedrock_audit.finding import Origin, Status, Verdict
from tests.e2e.emulator import ACCOUNT
from tests.e2e.pipeline import until
from tests.log_lines import HARMLESS, LENDING, line, log_object

PROGRAM = Path(sys.executable).with_name("bedrock-audit")
OLD = f"AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/us-east-1"


def command(pipeline, *arguments, **credentials):
    """Run a command against the emulator as if it were AWS."""
    environment = {**os.environ, **pipeline.emulator.environment(), **credentials}
    return subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=False)


def rows(pipeline, *arguments, **credentials):
    done = command(pipeline, *arguments, "--output", "json", **credentials)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextmanager
def unannounced(pipeline):
    """What is put while the block lasts is announced to nobody, as before the stack was there.

    The emulator announces an object some time after it was put: leave the block once that must be over.
    """
    events, rule = pipeline.emulator.client("events"), pipeline.deployed.at("Intake/OnLogObject")
    events.disable_rule(Name=rule)
    yield
    events.enable_rule(Name=rule)


@pytest.fixture(scope="module")
def analyst(pipeline):
    """Credentials that hold nothing but the analysts' policy of the stack."""
    return somebody(pipeline, "analyst", "Analysts/ReadOnly")


@pytest.fixture(scope="module")
def officer(pipeline):
    """Credentials that hold what those who decide are given."""
    return somebody(pipeline, "officer", "Analysts/ReadOnly", "Analysts/Deciding")


def somebody(pipeline, name, *policies):
    iam = pipeline.emulator.client("iam")
    iam.create_user(UserName=name)
    for policy in policies:
        iam.attach_user_policy(UserName=name, PolicyArn=pipeline.deployed.at(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}


@pytest.fixture(scope="module")
def finding(pipeline):
    """A finding to ask about."""
    uri = pipeline.put("asked-about", line(LENDING, request_id="asked", role="asked-about"))
    pipeline.audited(uri)
    return until(lambda: pipeline.about("asked-about"))


def test_an_analyst_sees_a_finding(pipeline, analyst, finding):
    listed = rows(pipeline, "findings", "list", "--aws", "--principal", finding.principal, **analyst)
    shown = rows(pipeline, "findings", "show", finding.id, "--aws", **analyst)

    assert [one["id"] for one in listed] == [finding.id]
    assert finding.id in json.dumps(shown)


@pytest.mark.parametrize(
    "question",
    [
        ("findings", "list", "--clause", "consequential-decision"),
        ("findings", "export"),
        ("coverage",),
        ("use-case", "list"),
        ("use-case", "usage"),
        ("use-case", "expire-soon"),
        ("suppression", "list"),
        ("review", "list", "--overdue"),
    ],
    ids=" ".join,
)
def test_an_analyst_may_ask_whatever_can_be_asked(pipeline, analyst, finding, question):
    done = command(pipeline, *question, "--aws", "--output", "json", **analyst)

    assert (done.returncode, done.stderr) == (0, "")
    json.loads(done.stdout)


def test_people_decide_on_what_is_stored(pipeline, officer, finding):
    def status():
        return pipeline.stores.findings.get(finding.id).status

    told = ("--reason", "spoke to the team", "--as", "ana@example.com", "--aws")

    for step, expected in (("acknowledge", Status.ACKNOWLEDGED), ("accept", Status.ACCEPTED), ("reopen", Status.OPEN)):
        done = command(pipeline, "findings", step, finding.id, *told, **officer)
        assert (done.returncode, status()) == (0, expected), done.stderr


def test_who_only_reads_decides_nothing(pipeline, analyst, finding):
    done = command(pipeline, "findings", "accept", finding.id, "--reason", "no right to", "--aws", **analyst)

    assert (done.returncode, pipeline.stores.findings.get(finding.id).status) == (2, Status.OPEN)
    assert done.stderr.startswith("Error: permissions: TransactWriteItems is refused")
    assert len(done.stderr.splitlines()) == 1


def test_an_officer_stops_approves_silences_and_reviews(pipeline, officer, tmp_path):
    path = tmp_path / "kept.yaml"
    path.write_text(USE_CASE.replace("EXPIRY", f"{datetime.now(UTC) + timedelta(days=200):%Y-%m-%d}"))
    path.write_text(path.read_text().replace("registered", "kept"))
    told = ("--as", "ines@example.com", "--aws")
    why = (*told, "--reason", "board 14")
    soon = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%d}"

    for steps in (
        ("use-case", "apply", str(path), "--yes", *told),
        ("use-case", "suspend", "kept", *why),
        ("use-case", "approve", "kept", *why),
        ("suppression", "add", "--clause", "consequential-decision", "--use-case", "kept", "--expires", soon, *why),
        ("review", "record", "--request-id", "kept-1", "--outcome", "confirmed", *told),
    ):
        done = command(pipeline, *steps, **officer)
        assert done.returncode == 0, done.stderr

    (silence,) = rows(pipeline, "suppression", "list", "--aws", **officer)
    assert command(pipeline, "suppression", "end", silence["id"], *why, **officer).returncode == 0


USE_CASE = """
id: registered
purpose: Draft credit memos that a loan officer decides on
owner: lending@example.com
domains: [lending]
who: {principals: [role/registered]}
risk_evaluation: {reference: RISK-7, date: 2026-02-01, by: Risk office}
human_oversight: {description: A loan officer decides}
testing: {reference: TEST-3, date: 2026-02-14}
approver: board@example.com
approved_at: 2026-03-01
expires_at: EXPIRY
"""


def test_what_is_registered_is_asked_by_the_auditor(pipeline, tmp_path):
    path = tmp_path / "registered.yaml"
    path.write_text(USE_CASE.replace("EXPIRY", f"{datetime.now(UTC) + timedelta(days=200):%Y-%m-%d}"))

    done = command(pipeline, "use-case", "apply", str(path), "--yes", "--aws")

    assert done.returncode == 0, done.stderr
    pipeline.audited(pipeline.put("registered", line(LENDING, request_id="registered", role="registered")))
    assert pipeline.about("registered") is None
    assert [row["uses"] for row in rows(pipeline, "use-case", "usage", "registered", "--aws")] == [1]


def test_the_log_bucket_can_be_audited_into_a_file(pipeline, finding, tmp_path):
    place = finding.evidence.object
    store = tmp_path / "local.db"

    done = command(pipeline, "audit", place, "--store", str(store), "--output", "json")

    assert done.returncode == 0, done.stderr
    assert [one["id"] for one in json.loads(done.stdout)["findings"]] == [finding.id]


def test_an_analyst_changes_nothing_and_is_told_what_is_missing(pipeline, analyst, finding):
    done = command(pipeline, "findings", "acknowledge", finding.id, "--reason", "seen", "--aws", **analyst)

    assert done.returncode != 0
    assert "dynamodb:PutItem" in done.stderr
    assert pipeline.stores.findings.get(finding.id).status is Status.OPEN


def test_an_analyst_opens_no_prompt(pipeline, analyst, finding):
    place = finding.evidence.object
    key = analyst["AWS_ACCESS_KEY_ID"], analyst["AWS_SECRET_ACCESS_KEY"]
    s3 = pipeline.emulator.client("s3", access_key=key[0], secret=key[1])

    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
        s3.get_object(Bucket=pipeline.bucket, Key=place.partition(f"{pipeline.bucket}/")[2])


def test_logs_from_before_the_deployment_are_audited_by_a_backfill(pipeline):
    with unannounced(pipeline):
        for number in range(12):
            old = line(LENDING, request_id=f"old-{number}", role="old")
            records = (old, line(HARMLESS, request_id=f"fine-{number}"))
            pipeline.put_bytes(f"{OLD}/2026/10/{number + 1:02d}/12/a.json.gz", log_object(records))
        (row,) = rows(pipeline, "backfill", "--since", "2026-10-01", "--until", "2026-11-01", "--per-second", "100")
        finding = until(lambda: (one := pipeline.about("old")) and one.occurrences == 12 and one)

    assert (row["found"], row["queued"]) == (12, 12)
    assert finding.origin is Origin.BACKFILL
    until(lambda: pipeline.waiting("Queue") == 0)
    (again,) = rows(pipeline, "backfill", "--since", "2026-10-01", "--until", "2026-11-01")
    assert (again["found"], again["audited_before"], again["queued"]) == (12, 12, 0)


def test_an_object_that_cannot_be_audited_is_named_parked_and_brought_back(pipeline):
    """It is announced before it is there, as if a permission or a key had been missing."""
    key = f"{OLD}/2026/09/01/12/late.json.gz"
    uri = f"s3://{pipeline.bucket}/{key}"
    pipeline.announce(uri)
    given_up = until(lambda: next((one for one in pipeline.findings() if one.evidence.object == uri), None))
    until(lambda: pipeline.waiting("Parked") >= 1)
    assert (given_up.verdict, given_up.status) == (Verdict.COULD_NOT_EVALUATE, Status.OPEN)

    with unannounced(pipeline):
        pipeline.put_bytes(key, log_object([line(LENDING, request_id="late", role="late")]))
    found = rows(pipeline, "redrive")

    assert uri in {row["object"] for row in found}
    until(lambda: pipeline.stores.findings.get(given_up.id).status is Status.RESOLVED)
    assert pipeline.about("late").occurrences == 1
