"""Deciding about findings: one by one by id, or all that filters choose."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bedrock_audit.finding import Severity, Status
from bedrock_audit.local import open_stores
from tests.cli.desks import Desk
from tests.cli.matters import BREAKOUT, HIRING, IDS, NEWS
from tests.stores.sightings import minutes, seen

BY = ("--as", "ann", "--reason", "ticket 4711")


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.keep(NEWS, BREAKOUT, HIRING)
    return made


def stored(desk, name):
    with open_stores(desk.store) as stores:
        return stores.findings.get(IDS[name])


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
        *("findings", "accept", IDS["news"], IDS["hiring"], *BY),
        code=2,
        said=f"not accepted: {IDS['news']} is resolved; reopen it first",
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


def test_of_many_the_worst_are_shown_and_how_many_more_there_are(desk):
    many = [seen(f"req-{n}", matter=f"many-{n}", at=minutes(10 + n), severity=Severity.LOW) for n in range(30)]
    desk.keep(*many)
    choice = ("--clause", "disinformation")

    shown = desk.run(
        "findings", "dismiss", *choice, *BY, code=2, said="31 findings would be dismissed (1 high, 30 low)"
    )

    assert shown.index(IDS["news"]) < shown.index(many[29].finding.id)
    assert "and 11 more" in shown
    assert many[0].finding.id not in shown


def test_of_many_programs_are_told_all(desk):
    desk.keep(*(seen(f"req-{n}", matter=f"many-{n}", at=minutes(10 + n)) for n in range(30)))
    choice = ("--clause", "disinformation", "--yes")

    changed = desk.run("findings", "dismiss", *choice, *BY, said="31 findings dismissed")

    assert "and 11 more" in changed
    assert len(desk.json("findings", "reopen", *choice, *BY)) == 31
    assert len(desk.run("findings", "dismiss", *choice, *BY, "-o", "csv").splitlines()) == 32


def test_trouble_of_the_store_is_told_once_and_not_for_each_finding(desk):
    desk.keep(*(seen(f"req-{n}", matter=f"many-{n}", at=minutes(10 + n)) for n in range(30)))
    desk.store.chmod(0o444)
    if os.access(desk.store, os.W_OK):
        pytest.skip("nothing is closed to root")

    choice = ("--clause", "disinformation", "--yes")
    desk.run("findings", "dismiss", *choice, *BY, code=2, said="readonly database); 31 findings left as before\n")


def test_filters_leave_alone_what_cannot_take_the_step(desk):
    desk.run("findings", "accept", IDS["news"], *BY)

    desk.run(
        "findings",
        "resolve",
        "--account",
        "123456789012",
        "--yes",
        *BY,
        said="2 findings resolved; 1 other left as before",
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

    assert b"1 finding will be accepted (1 high). Go on?" in asked
    assert running.returncode == (0 if answer == "y" else 2)
    assert stored(desk, "news").status is status
