"""`bedrock-audit findings` as an engineer and a compliance officer use it."""

from __future__ import annotations

import csv
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bedrock_audit.finding import Change, Evidence, Severity, Span, Status, Verdict
from bedrock_audit.local import open_stores
from tests.cli.desks import Desk
from tests.stores.sightings import minutes, seen, seen_in_history

HELPDESK = "arn:aws:iam::123456789012:role/helpdesk"
RED_TEAM = "arn:aws:iam::123456789012:role/red-team"
CONTRACT = frozenset(
    {"id", "verdict", "clause", "severity", "disposition", "status", "account", "region", "principal", "attribution"}
    | {"model_id", "first_seen", "last_seen", "occurrences", "evidence", "policy_version", "engine_version", "detector"}
    | {"score"}
)
NEWS = seen(
    "req-1",
    matter="news",
    at=minutes(1),
    severity=Severity.HIGH,
    principal=HELPDESK,
    title="Asked for fake news",
    explanation=("The user asked for it.", "It is to be published."),
    evidence=Evidence(
        object="s3://logs/day.json.gz",
        line=12,
        request_id="req-1",
        location="/input/text",
        spans=(Span(location="/input/text", start=3, end=9),),
        excerpt="write [red]fake[/red] news \x1b[2J",
    ),
)
BREAKOUT = seen("req-2", matter="jailbreak", at=minutes(2), clause="safety-circumvention", principal=RED_TEAM)
HIRING = seen(
    "req-3",
    matter="hiring",
    at=minutes(3),
    verdict=Verdict.UNAPPROVED_USE,
    clause="consequential-decision",
    domain="employment",
    severity=Severity.MEDIUM,
)
IDS = {name: one.finding.id for name, one in {"news": NEWS, "jailbreak": BREAKOUT, "hiring": HIRING}.items()}
BY = ("--as", "ann", "--reason", "ticket 4711")


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.keep(NEWS, BREAKOUT, HIRING)
    return made


def stored(desk, name):
    with open_stores(desk.store) as stores:
        return stores.findings.get(IDS[name])


def test_a_list_reads_well_in_a_small_terminal(desk):
    text = desk.run("findings", "list")

    assert all(len(line) <= 86 for line in text.splitlines())
    assert [text.index(IDS[name]) for name in ("hiring", "jailbreak", "news")] == sorted(
        text.index(i) for i in IDS.values()
    )
    assert "unapproved-use: employm" in text
    assert f"3 findings. Next: bedrock-audit findings show {IDS['hiring']}" in text


def test_json_is_the_contract(desk):
    rows = desk.json("findings", "list", "--severity", "high", "--clause", "disinformation")

    assert [row["id"] for row in rows] == [IDS["news"]]
    assert rows[0].keys() >= CONTRACT
    assert rows[0]["first_seen"] == "2026-11-23T12:01:00Z"
    assert rows[0]["evidence"]["spans"] == [{"location": "/input/text", "start": 3, "end": 9}]
    assert desk.json("findings", "show", IDS["news"]) == rows[0]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        pytest.param(["--severity", "high"], ["jailbreak", "news"], id="severity and worse"),
        pytest.param(["--clause", "consequential-decision"], ["hiring"], id="clause"),
        pytest.param(["--verdict", "unapproved-use"], ["hiring"], id="verdict"),
        pytest.param(["--status", "resolved"], [], id="status"),
        pytest.param(["--principal", RED_TEAM], ["jailbreak"], id="a whole ARN"),
        pytest.param(["--principal", "role/red-team"], ["jailbreak"], id="the end of an ARN"),
        pytest.param(["--principal", "role/*"], ["hiring", "jailbreak", "news"], id="the end of an ARN, open"),
        pytest.param(["--principal", "red-team"], [], id="no part of a name"),
        pytest.param(["--account", "123456789012", "--limit", "1"], ["hiring"], id="account, the latest"),
        pytest.param(["--principal", "role/*", "--limit", "2"], ["hiring", "jailbreak"], id="limit after the name"),
        pytest.param(["--use-case", "*"], [], id="use case"),
        pytest.param(
            ["--since", "2026-11-23T12:02:00Z", "--until", "2026-11-23T12:03:00Z"], ["jailbreak"], id="period"
        ),
    ],
)
def test_filters(desk, filters, names):
    assert [row["id"] for row in desk.json("findings", "list", *filters)] == [IDS[name] for name in names]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "--severity", "awful"], "'awful' is not one of"),
        (["list", "--since", "yesterday"], "'yesterday' is no time; write 2026-11-23"),
        (["show", "v-none"], "there is no finding v-none"),
    ],
    ids=["unknown severity", "no time", "unknown id"],
)
def test_a_mistake_is_told_in_one_line(desk, arguments, said):
    desk.run("findings", *arguments, code=2, said=said)


def test_without_a_store_there_is_nothing_to_list(tmp_path):
    desk = Desk(tmp_path)

    desk.run("findings", "list", code=2, said="there is no store here yet")

    assert not desk.store.exists()


def test_one_finding_shows_what_happened_and_what_to_do(desk):
    desk.keep(seen("req-7", matter="news", at=minutes(7), severity=Severity.HIGH, principal=HELPDESK))

    text = desk.run("findings", "show", IDS["news"])

    assert all(len(line) <= 86 for line in text.splitlines())
    for part in (
        "Asked for fake news",
        "violation of disinformation",
        f"{HELPDESK} (verified)",
        "2 times, 2026-11-23T12:01:00Z to 2026-11-23T12:07:00Z",
        "s3://logs/day.json.gz line 12, request req-1",
        "write [red]fake[/red] news \\x1b[2J",
        "It is to be published.",
        "req-7",
        f"Next: bedrock-audit findings resolve {IDS['news']}",
    ):
        assert part in text
    assert "\x1b" not in text


def test_what_only_history_shows_is_said_to_be_so(desk):
    desk.keep(seen_in_history("req-8", matter="old"))

    text = desk.run("findings", "show", seen(matter="old").finding.id)

    assert "only in the history that a later request sent along" in text


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("acknowledge", Status.ACKNOWLEDGED),
        ("resolve", Status.RESOLVED),
        ("dismiss", Status.FALSE_POSITIVE),
        ("accept", Status.ACCEPTED),
    ],
)
def test_a_decision_and_its_taking_back_are_kept_with_who_and_why(desk, command, status):
    (changed,) = desk.json("findings", command, IDS["news"], *BY)
    desk.run("findings", "reopen", IDS["news"], "--as", "bob", "--reason", "it was not")

    finding = stored(desk, "news")
    assert changed["status"] == status
    assert [(change.actor, change.status, change.reason) for change in finding.history] == [
        ("ann", status, "ticket 4711"),
        ("bob", Status.OPEN, "it was not"),
    ]
    assert isinstance(finding.history[0], Change)
    assert "What people decided" in desk.run("findings", "show", IDS["news"])


def test_several_findings_by_id_are_changed_at_once(desk):
    text = desk.run("findings", "resolve", IDS["news"], IDS["hiring"], *BY, said="2 findings resolved")

    assert IDS["news"] in text
    assert stored(desk, "jailbreak").status is Status.OPEN


def test_an_unknown_id_among_several_changes_nothing(desk):
    desk.run("findings", "resolve", IDS["news"], "v-none", *BY, code=2, said="there is no finding v-none; nothing was")

    assert stored(desk, "news").status is Status.OPEN


def test_a_step_that_is_not_allowed_is_told_and_the_others_are_taken(desk):
    desk.run("findings", "resolve", IDS["news"], *BY)

    desk.run(
        "findings", "accept", IDS["news"], IDS["hiring"], *BY, code=2, said=f"not accepted: {IDS['news']} is resolved"
    )

    assert stored(desk, "hiring").status is Status.ACCEPTED


@pytest.mark.parametrize("arguments", [[], [IDS["news"], "--clause", "disinformation"]], ids=["neither", "both"])
def test_findings_are_named_or_chosen_but_not_both(desk, arguments):
    desk.run("findings", "resolve", *arguments, *BY, code=2, said="name findings by id, or choose them by filters")


def test_an_empty_reason_is_refused(desk):
    desk.run("findings", "resolve", IDS["news"], "--reason", " ", code=2, said="--reason must say why")


def test_what_filters_choose_is_shown_first_and_changed_only_with_consent(desk):
    shown = desk.run("findings", "dismiss", "--severity", "high", *BY, code=2, said="2 findings would be dismissed")
    assert IDS["jailbreak"] in shown
    assert stored(desk, "jailbreak").status is Status.OPEN

    desk.run("findings", "dismiss", "--severity", "high", "--yes", *BY, said="2 findings dismissed")

    assert stored(desk, "jailbreak").status is Status.FALSE_POSITIVE
    assert stored(desk, "hiring").status is Status.OPEN


def test_filters_leave_alone_what_cannot_take_the_step(desk):
    desk.run("findings", "accept", IDS["news"], *BY)

    desk.run(
        "findings",
        "resolve",
        "--account",
        "123456789012",
        "--yes",
        *BY,
        said="2 findings resolved; 1 finding left as they",
    )

    assert stored(desk, "news").status is Status.ACCEPTED


@pytest.mark.parametrize(("answer", "status"), [("y", Status.ACCEPTED), ("n", Status.OPEN)])
def test_a_person_is_asked(desk, answer, status):
    program = Path(sys.executable).with_name("bedrock-audit")
    near, far = pty.openpty()
    command = [program, "findings", "accept", "--clause", "disinformation", *BY, "--store", desk.store]
    with subprocess.Popen(command, stdin=far, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as running:
        os.write(near, f"{answer}\n".encode())
        _, asked = running.communicate(timeout=60)
    os.close(near)
    os.close(far)

    assert b"1 finding will be accepted. Go on?" in asked
    assert running.returncode == (0 if answer == "y" else 2)
    assert stored(desk, "news").status is status


def test_an_export_has_every_finding_with_its_occurrences(desk):
    desk.keep(seen("req-7", matter="news", at=minutes(7)))

    everything = desk.json("findings", "export")
    some = desk.json("findings", "export", "--clause", "no-such-clause")

    assert [row["id"] for row in everything] == [IDS["news"], IDS["hiring"], IDS["jailbreak"]]
    assert [one["request_id"] for one in everything[0]["seen"]] == ["req-7", "req-1"]
    assert some == []


def test_an_export_for_spreadsheets_has_a_row_per_finding(desk):
    rows = list(csv.DictReader(io.StringIO(desk.run("findings", "export", "-o", "csv"))))

    assert [row["id"] for row in rows] == [IDS[name] for name in ("hiring", "jailbreak", "news")]
    assert rows[2]["principal"] == HELPDESK
