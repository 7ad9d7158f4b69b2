"""`bedrock-audit suppression`: agreeing on a silence, seeing what it keeps quiet, ending it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bedrock_audit.local import open_stores
from tests.builders import a_use_case
from tests.cli.desks import Desk
from tests.stores.sightings import seen

RED_TEAM = "arn:aws:iam::123456789012:role/red-team"
NEXT_MONTH = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
LAST_MONTH = (datetime.now(UTC) - timedelta(days=30)).date().isoformat()
BY = ("--as", "ann", "--reason", "agreed exercise")
AGREED = ("--clause", "safety-circumvention", "--principal", RED_TEAM, "--expires", NEXT_MONTH, *BY)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_silence_is_kept_with_its_owner_reason_and_end(desk):
    (row,) = desk.json("suppression", "add", *AGREED)

    with open_stores(desk.store) as stores:
        (kept,) = stores.suppressions.all()
    assert (kept.id, kept.owner, kept.reason, kept.principal) == (row["id"], "ann", "agreed exercise", RED_TEAM)
    assert row["expires_at"] == f"{NEXT_MONTH}T00:00:00Z"
    assert row["state"] == "in force"


def test_what_it_silences_is_still_counted(desk):
    (row,) = desk.json("suppression", "add", *AGREED)
    matter = {"clause": "safety-circumvention", "principal": RED_TEAM}
    desk.keep(
        seen("req-1", matter="a", suppressed_by=row["id"], **matter),
        seen("req-2", matter="b", suppressed_by=row["id"], **matter),
        seen("req-3", matter="c", **matter),
    )

    (listed,) = desk.json("suppression", "list")

    assert listed["silenced"] == 2
    assert len(desk.json("findings", "list")) == 3


def test_a_silence_about_one_domain_and_verdict_leaves_the_others_to_alert(desk):
    with open_stores(desk.store) as stores:
        stores.use_cases.save(a_use_case("triage"), seen=stores.use_cases.registry())
    narrow = ("--domain", "medical-advice", "--verdict", "safeguard-missing")
    silence = ("--clause", "consequential-decision", "--use-case", "triage", "--expires", NEXT_MONTH, *BY)

    (row,) = desk.json("suppression", "add", *silence, *narrow)

    with open_stores(desk.store) as stores:
        (kept,) = stores.suppressions.all()
    assert (kept.domain, kept.verdict) == ("medical-advice", "safeguard-missing")
    assert row["for"] == "triage, medical-advice, safeguard-missing"


def test_a_list_reads_well_in_a_small_terminal(desk):
    (row,) = desk.json("suppression", "add", *AGREED)

    text = desk.run("suppression", "list")

    assert row["id"] in text
    assert all(len(line) <= 86 for line in text.splitlines())


def test_ending_one_early_keeps_who_and_why(desk):
    (row,) = desk.json("suppression", "add", *AGREED)

    (ended,) = desk.json("suppression", "end", row["id"], "--as", "bob", "--reason", "exercise over")

    assert (ended["state"], ended["ended_by"], ended["end_reason"]) == ("ended", "bob", "exercise over")
    assert desk.json("suppression", "list") == []
    assert [one["id"] for one in desk.json("suppression", "list", "--all")] == [row["id"]]
    desk.run("suppression", "end", row["id"], *BY, code=2, said=f"{row['id']} is ended already")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--expires", NEXT_MONTH], "say for whom", id="for everybody"),
        pytest.param(["--principal", "role/x", "--expires", NEXT_MONTH], "must be one whole ARN", id="part of an ARN"),
        pytest.param(["--principal", RED_TEAM + "*", "--expires", NEXT_MONTH], "must be one whole ARN", id="a pattern"),
        pytest.param(["--use-case", "triage", "--expires", "2020-01-01"], "must be in the future", id="in the past"),
        pytest.param(["--use-case", "triage", "--expires", "2199-01-01"], "at most a year ahead", id="for ever"),
    ],
)
def test_a_silence_that_is_too_much_is_refused(desk, arguments, said):
    desk.run("suppression", "add", "--clause", "harassment-or-harm", *arguments, *BY, code=2, said=said)

    assert not desk.store.exists()


@pytest.mark.parametrize(
    ("clause", "said"),
    [("harassment-or-ham", "did you mean harassment-or-harm?"), ("x", "see `bedrock-audit policy list`")],
)
def test_a_clause_that_there_is_not_is_refused_for_it_would_silence_nothing(desk, clause, said):
    desk.run(
        *("suppression", "add", "--clause", clause, "--principal", RED_TEAM, "--expires", NEXT_MONTH, *BY),
        code=2,
        said=said,
    )


def test_a_use_case_that_nobody_knows_is_refused_for_it_would_silence_nothing(desk):
    with open_stores(desk.store) as stores:
        stores.use_cases.save(a_use_case("triage"), seen=stores.use_cases.registry())
    desk.keep(seen(use_case="from-a-file"))
    silence = ("suppression", "add", "--clause", "harassment-or-harm", "--expires", NEXT_MONTH, *BY, "--use-case")

    desk.run(*silence, "triag", code=2, said="there is no use case 'triag'; did you mean triage?")
    kept = [desk.json(*silence, use_case)[0]["use_case"] for use_case in ("triage", "from-a-file")]

    assert kept == ["triage", "from-a-file"]


def test_a_clause_of_the_organisations_own_can_be_silenced_once_it_has_found_something(desk):
    desk.keep(seen(clause="our-own"))

    arguments = ("--clause", "our-own", "--principal", RED_TEAM, "--expires", NEXT_MONTH, *BY)

    assert desk.json("suppression", "add", *arguments)[0]["clause"] == "our-own"


def test_calls_from_before_the_agreement_are_silenced_only_where_that_was_agreed(desk):
    (plain,) = desk.json("suppression", "add", *AGREED)
    (earlier,) = desk.json("suppression", "add", *AGREED, "--from", LAST_MONTH)

    assert plain["starts_at"] == plain["created_at"]
    assert earlier["starts_at"] == f"{LAST_MONTH}T00:00:00Z"
    desk.run("suppression", "add", *AGREED, "--from", "2019-01-01", code=2, said="at most a year ago")


def test_a_reason_must_say_something(desk):
    desk.run("suppression", "add", *AGREED, "--reason", "  ", code=2, said="--reason must say why")


def test_one_that_is_not_there_cannot_be_ended(desk):
    desk.keep(seen())

    desk.run("suppression", "end", "s-none", *BY, code=2, said="there is no suppression s-none")
