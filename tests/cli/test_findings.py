"""`bedrock-audit findings` as an engineer and a compliance officer use it."""

from __future__ import annotations

import csv
import io

import pytest

from bedrock_audit.finding import Evidence, Observation, Severity, Status, Verdict
from tests.builders import an_occurrence
from tests.cli.desks import Desk
from tests.cli.matters import BREAKOUT, HELPDESK, HIRING, IDS, NEWS, RED_TEAM
from tests.stores.sightings import minutes, seen, seen_in_history

CONTRACT = frozenset(
    {"id", "verdict", "clause", "severity", "disposition", "status", "account", "region", "principal", "attribution"}
    | {"model_id", "first_seen", "last_seen", "occurrences", "evidence", "policy_version", "engine_version", "detector"}
    | {"score"}
)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.keep(NEWS, BREAKOUT, HIRING)
    return made


def test_a_list_reads_well_in_a_small_terminal(desk):
    text = desk.run("findings", "list")

    assert all(len(line) <= 86 for line in text.splitlines())
    assert text.index(IDS["hiring"]) < text.index(IDS["jailbreak"]) < text.index(IDS["news"])
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
        pytest.param(["--clause", "consequential-decision.employment"], ["hiring"], id="clause with its domain"),
        pytest.param(["--clause", "consequential-decision.lending"], [], id="clause with another domain"),
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


def test_what_to_do_next_is_in_the_same_store(desk):
    listed = " ".join(desk.run("findings", "list").split())
    shown = " ".join(desk.run("findings", "show", IDS["hiring"]).split())

    assert f"Next: bedrock-audit findings show {IDS['hiring']} --store" in listed
    assert f"findings resolve {IDS['hiring']} --store" in shown


@pytest.mark.parametrize(
    ("limit", "told"), [("2", "2 findings, and there are more."), ("3", "3 findings. "), ("9", "3 findings. ")]
)
def test_a_limit_that_leaves_findings_out_says_so(desk, limit, told):
    assert told in desk.run("findings", "list", "--limit", limit)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "--severity", "awful"], "'awful' is not one of"),
        (["list", "--since", "yesterday"], "'yesterday' is no time; write 2026-11-23"),
        (["show", "v-none"], "there is no finding v-none"),
        (["list", "--clause", "disinfomation"], "no clause is called 'disinfomation'; did you mean disinformation?"),
        (["export", "--clause", "consequential-decision.lendin"], "did you mean consequential-decision.lending?"),
        (["list", "--clause", ""], "no clause is called ''"),
    ],
    ids=["unknown severity", "no time", "unknown id", "unknown clause", "unknown domain", "no clause"],
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


def test_what_is_about_a_use_case_as_a_whole_shows_no_caller_or_record_that_there_is_not(desk):
    nothing = Evidence(object="", line=0, request_id="")
    about = {"verdict": Verdict.SAFEGUARD_MISSING, "account": "", "principal": "", "evidence": nothing}
    finding = seen(matter="limit", **about).finding
    occurrence = an_occurrence(finding, request_id="", object="", line=0)
    desk.keep(Observation(finding, occurrence))

    text = desk.run("findings", "show", finding.id)

    assert not any(word in text for word in ("unknown", "line 0", " :0", "who "))


def test_what_only_history_shows_is_said_to_be_so(desk):
    desk.keep(seen_in_history("req-8", matter="old"))

    text = desk.run("findings", "show", seen(matter="old").finding.id)

    assert "only in the history that a later request sent along" in text


def test_an_export_has_every_finding_with_its_occurrences(desk):
    desk.keep(seen("req-7", matter="news", at=minutes(7)))

    everything = desk.json("findings", "export")
    some = desk.json("findings", "export", "--clause", "minor-harm")

    assert [row["id"] for row in everything] == [IDS["news"], IDS["hiring"], IDS["jailbreak"]]
    assert [one["request_id"] for one in everything[0]["seen"]] == ["req-7", "req-1"]
    assert some == []


def test_an_export_for_spreadsheets_has_a_row_per_finding(desk):
    rows = list(csv.DictReader(io.StringIO(desk.run("findings", "export", "-o", "csv"))))

    assert [row["id"] for row in rows] == [IDS[name] for name in ("hiring", "jailbreak", "news")]
    assert rows[2]["principal"] == HELPDESK


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        pytest.param({}, "describe the use in YAML, `bedrock-audit use-case apply` it; or", id="undeclared"),
        pytest.param({"use_case": "triage"}, "bedrock-audit use-case show triage", id="outside its own"),
        pytest.param({"verdict": Verdict.LAPSED_APPROVAL, "use_case": "triage"}, "use-case show triage", id="lapsed"),
        pytest.param(
            {"verdict": Verdict.SAFEGUARD_MISSING, "use_case": "triage"},
            "use-case usage triage",
            id="safeguard",
        ),
        pytest.param({"status": Status.RESOLVED}, "bedrock-audit findings reopen", id="closed"),
    ],
)
def test_the_next_step_is_the_one_that_mends_it(desk, more, advice):
    use = {"verdict": Verdict.UNAPPROVED_USE, "clause": "consequential-decision"}
    shown = {key: value for key, value in more.items() if key != "status"}
    desk.keep(seen(matter="use", **{**use, **shown}))
    name = seen(matter="use").finding.id
    if "status" in more:
        desk.run("findings", "resolve", name, "--reason", "done", "--as", "ann")

    assert advice in " ".join(desk.run("findings", "show", name).split())
