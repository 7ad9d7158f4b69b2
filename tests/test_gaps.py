"""What could not be read or seen becomes a finding of its own, and is counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedrock_audit.finding import Severity, Verdict
from bedrock_audit.gaps import gaps, unreadable
from bedrock_audit.record import Body, BodyState, Model, Source, Unreadable
from tests.builders import NOON, ROLE_ARN, a_context, a_record

NO_GAP = {BodyState.PRESENT, BodyState.OFFLOADED, BodyState.FAILED_CALL, BodyState.NO_TEXT}
SEEN = Body(state=BodyState.PRESENT, shape="converse")


def gap(**record):
    (observation,) = gaps(a_record(**record), a_context())
    return observation


def a_gap(state, **more):
    return gap(output=Body(state=state), **more)


@pytest.mark.parametrize(
    ("state", "verdict", "severity"),
    [
        pytest.param(BodyState.UNRESOLVED, Verdict.COULD_NOT_EVALUATE, Severity.MEDIUM, id="not fetched"),
        pytest.param(BodyState.DELIVERY_OFF, Verdict.COVERAGE_GAP, Severity.HIGH, id="delivery off"),
        pytest.param(BodyState.TOO_LARGE, Verdict.COVERAGE_GAP, Severity.MEDIUM, id="too large"),
        pytest.param(BodyState.ABSENT, Verdict.COVERAGE_GAP, Severity.MEDIUM, id="absent"),
    ],
)
def test_a_body_nobody_could_see_is_a_finding(state, verdict, severity):
    finding = a_gap(state).finding

    assert (finding.verdict, finding.severity, finding.clause) == (verdict, severity, "coverage")
    assert (finding.principal, finding.region) == (ROLE_ARN, "eu-central-1")


@pytest.mark.parametrize("state", sorted(NO_GAP), ids=str)
def test_a_body_that_was_read_or_never_was_is_no_gap(state):
    assert list(gaps(a_record(input=Body(state=state), output=Body(state=state)), a_context())) == []


def test_every_state_is_either_a_gap_or_known_to_be_none():
    unseen = {state for state in BodyState if list(gaps(a_record(output=Body(state=state)), a_context()))}

    assert set(BodyState) - unseen == NO_GAP


def test_both_bodies_missing_for_one_reason_are_one_occurrence():
    off = Body(state=BodyState.DELIVERY_OFF)

    assert gap(input=off, output=off).occurrence.request_id == "req-1"


def test_bodies_missing_for_two_reasons_are_two_findings():
    found = gaps(a_record(input=Body(state=BodyState.TOO_LARGE), output=Body(state=BodyState.ABSENT)), a_context())

    assert len({observation.finding.id for observation in found}) == 2


def test_a_thousand_records_without_content_are_one_finding_with_an_occurrence_each():
    found = [a_gap(BodyState.DELIVERY_OFF, request_id=f"r-{n}") for n in range(20)]

    assert len({observation.finding.id for observation in found}) == 1
    assert len({observation.occurrence.id for observation in found}) == 20


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"principal": "arn:aws:iam::123456789012:role/x"}, id="caller"),
        pytest.param({"region": "us-east-1"}, id="Region"),
        pytest.param({"account": "999999999999"}, id="account"),
        pytest.param({"output": Body(state=BodyState.DELIVERY_OFF, reason="images")}, id="reason"),
    ],
)
def test_a_gap_elsewhere_is_another_finding(other):
    assert (
        a_gap(BodyState.DELIVERY_OFF).finding.id
        != gap(**{"output": Body(state=BodyState.DELIVERY_OFF), **other}).finding.id
    )


def test_why_a_body_was_not_fetched_is_told():
    denied = gap(output=Body(state=BodyState.UNRESOLVED, reason="access-denied")).finding

    assert denied.title == "Offloaded content not fetched (access-denied)"


def test_a_shape_nobody_taught_us_is_noticed_once_per_model_and_day():
    fresh = Body(state=BodyState.PRESENT, shape="unknown", unknown_strings=4)
    model = Model(id="next.years-model-v1")

    first = gap(input=fresh, output=SEEN, model=model)
    second = gap(input=fresh, output=fresh, model=model, request_id="r-2", principal="arn:aws:iam::1:role/y")
    next_day = gap(input=fresh, model=model, timestamp=NOON + timedelta(days=1))

    assert (first.finding.verdict, first.finding.severity) == (Verdict.COVERAGE_GAP, Severity.INFO)
    assert first.finding.model_id == "next.years-model-v1"
    assert first.finding.id == second.finding.id == next_day.finding.id
    assert first.occurrence.id == second.occurrence.id != next_day.occurrence.id


def test_a_new_member_of_a_family_we_know_is_no_finding():
    known = Body(state=BodyState.PRESENT, shape="converse", unknown_strings=1)

    assert list(gaps(a_record(input=known, output=known), a_context())) == []


def stretch(line=7, **more):
    return Unreadable(
        source=Source(object="s3://logs/day.json.gz", line=line),
        reason="truncated",
        detail="The line ends within a string.",
        **more,
    )


def unread(item):
    (observation,) = unreadable(item, a_context())
    return observation


def test_an_unreadable_line_is_a_finding_that_names_its_place():
    finding = unread(stretch()).finding

    assert finding.verdict is Verdict.COULD_NOT_EVALUATE
    assert (finding.evidence.object, finding.evidence.line) == ("s3://logs/day.json.gz", 7)
    assert "truncated" in finding.title
    assert finding.explanation == ("The line ends within a string.",)


def test_unreadable_lines_of_one_object_and_reason_are_one_finding():
    one, other = unread(stretch(7)), unread(stretch(9))

    assert one.finding.id == other.finding.id
    assert one.occurrence.id != other.occurrence.id


def test_the_same_line_read_again_is_the_same_occurrence():
    assert unread(stretch()).occurrence.id == unread(stretch()).occurrence.id
    assert unread(stretch(1, identity="x")).occurrence.id == unread(stretch(2, identity="x")).occurrence.id


def test_what_has_no_time_happened_when_its_object_was_written():
    written = a_context(written_at=NOON - timedelta(hours=3), now=NOON + timedelta(days=40))

    (observation,) = unreadable(stretch(), written)

    assert observation.occurrence.at == observation.finding.last_seen == NOON - timedelta(hours=3)
    assert unread(stretch()).occurrence.at == NOON


def test_another_reason_is_another_finding():
    other = Unreadable(source=Source(object="s3://logs/day.json.gz", line=7), reason="not-json", detail="x")

    assert unread(stretch()).finding.id != unread(other).finding.id
