"""`bedrock-audit review`: evidence that people look at what the model says in permitted uses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.review import ReviewOutcome, told
from tests.builders import NOON
from tests.cli.desks import Desk
from tests.stores.sightings import used

NOW = datetime.now(UTC)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    made.keep(
        used("late", at=NOW - timedelta(days=3), review_due=NOW - timedelta(days=2)),
        used("coming", at=NOW - timedelta(hours=1), review_due=NOW + timedelta(hours=23)),
        used("hired", at=NOW - timedelta(days=9), review_due=NOW - timedelta(days=8), use_case="hiring"),
        used("long ago", at=NOW - timedelta(days=200), review_due=NOW - timedelta(days=199)),
    )
    return made


def waiting(desk, *arguments):
    return [row["request_id"] for row in desk.json("review", "list", *arguments)]


def test_a_review_ends_the_waiting(desk):
    assert waiting(desk, "--overdue") == ["hired", "late"]

    (row,) = desk.json("review", "record", "--request-id", "late", "--outcome", "corrected", "--as", "dr-lee")

    assert (row["reviewer"], row["outcome"]) == ("dr-lee", "corrected")
    assert waiting(desk, "--overdue") == ["hired"]
    assert [one["reviewer"] for one in desk.json("review", "show", "late")] == ["dr-lee"]


@pytest.mark.parametrize(
    ("arguments", "requests"),
    [
        pytest.param([], ["hired", "late", "coming"], id="overdue and coming due"),
        pytest.param(["--use-case", "triage"], ["late", "coming"], id="of one use case"),
        pytest.param(["--since", "2000-01-01"], ["long ago", "hired", "late", "coming"], id="further back"),
    ],
)
def test_what_is_waited_for(desk, arguments, requests):
    assert waiting(desk, *arguments) == requests


def test_the_list_reads_well_in_a_small_terminal(desk):
    text = desk.run("review", "list")

    due = (NOW - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert f"{due} overdue" in text
    assert all(len(line) <= 86 for line in text.splitlines())


def test_the_same_review_is_recorded_once(desk):
    same = ("--request-id", "late", "--outcome", "confirmed", "--as", "dr-lee", "--at", "2026-01-02T08:00:00Z")

    desk.run("review", "record", *same)
    desk.run("review", "record", *same, said="this review was recorded before")

    assert len(desk.json("review", "show", "late")) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--request-id", " ", "--outcome", "confirmed"], "--request-id is empty"),
        (["--request-id", "x", "--outcome", "fine"], "'fine' is not one of"),
        (["--request-id", "x", "--outcome", "confirmed", "--at", "2199-01-01"], "--at lies in the future"),
        (["--request-id", "x", "--outcome", "confirmed", "--at", "1999-01-01"], "--at lies before there was Bedrock"),
    ],
    ids=["no request", "unknown outcome", "from the future", "from another age"],
)
def test_a_review_that_cannot_be_is_refused(desk, arguments, said):
    desk.run("review", "record", *arguments, "--as", "dr-lee", code=2, said=said)


def test_an_application_tells_of_a_review_in_json():
    review = told(
        b'{"request_id":"r","reviewer":"dr-lee","outcome":"confirmed","at":"2026-11-23T08:00:00Z","x":1}', now=NOON
    )

    assert (review.request_id, review.outcome, review.at.hour) == ("r", ReviewOutcome.CONFIRMED, 8)


@pytest.mark.parametrize(
    "data",
    [
        b"not json",
        b'{"request_id":"r","reviewer":"dr-lee","outcome":"fine","at":"2026-11-23T08:00:00Z"}',
        b'{"request_id":"","reviewer":"dr-lee","outcome":"confirmed","at":"2026-11-23T08:00:00Z"}',
        b'{"request_id":"r","reviewer":"dr-lee","outcome":"confirmed","at":"2026-11-23T08:00:00"}',
        b'{"request_id":"r"}',
    ],
    ids=["no JSON", "unknown outcome", "no request", "no time zone", "fields missing"],
)
def test_what_is_no_review_is_refused_with_a_reason(data):
    with pytest.raises(BedrockAuditError, match="this is no review: "):
        told(data, now=NOON)


def test_a_use_case_that_there_is_not_waits_for_no_review(desk):
    desk.run("review", "list", "--use-case", "triag", code=2, said="there is no use case 'triag'")
