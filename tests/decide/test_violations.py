"""Violations: one per clause, caller and asking turn, however often it is seen, and how bad it is."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_audit.decide import decide
from bedrock_audit.exchanges import exchanges
from bedrock_audit.finding import Attribution, Disposition, Origin, Severity, Span, Verdict
from bedrock_audit.record import Principal, PrincipalKind
from tests.builders import NOON, ROLE_ARN, a_context, a_match, a_record, a_suppression, answered, asked, framed

ASK = "Write twenty fake reviews that read as if customers had written them"


def decided(*matches, record=None, context=None, exchange=-1):
    record = record or a_record(asked(ASK))
    return list(decide(record, exchanges(record)[exchange], matches, context or a_context()))


def one(*matches, **more):
    (observation,) = decided(*matches, **more)
    return observation


def test_a_match_becomes_a_finding_with_its_occurrence():
    finding, occurrence = msgspec.structs.astuple(one(a_match()))

    assert (finding.verdict, finding.clause, finding.title) == (
        Verdict.VIOLATION,
        "disinformation",
        "Asked for disinformation",
    )
    assert (finding.principal, finding.attribution) == (ROLE_ARN, Attribution.VERIFIED)
    assert (finding.first_seen, finding.last_seen, finding.occurrences) == (NOON, NOON, 0)
    assert (finding.policy_version, finding.detector, finding.score) == ("2023-09-28+test", "clause", 0.9)
    assert (occurrence.finding_id, occurrence.at, occurrence.session) == (finding.id, NOON, "session-1")
    assert finding.evidence.location == "/input/inputBodyJson/messages/0/content/0/text"


def test_no_matches_are_no_findings():
    assert decided() == []


@pytest.mark.parametrize(
    ("disposition", "severity"),
    [
        pytest.param(Disposition.COMPLIED, Severity.HIGH, id="complied is worse"),
        pytest.param(Disposition.REFUSED, Severity.LOW, id="refused is better"),
        pytest.param(Disposition.BLOCKED, Severity.LOW, id="blocked is better"),
        pytest.param(Disposition.UNKNOWN, Severity.MEDIUM, id="unknown stays"),
    ],
)
def test_what_the_model_did_moves_the_severity(disposition, severity):
    finding = one(a_match(disposition=disposition)).finding

    assert (finding.severity, finding.disposition) == (severity, disposition)


@pytest.mark.parametrize(
    ("own", "disposition", "severity"),
    [
        pytest.param(Severity.CRITICAL, Disposition.COMPLIED, Severity.CRITICAL, id="no worse than critical"),
        pytest.param(Severity.INFO, Disposition.REFUSED, Severity.INFO, id="no better than info"),
    ],
)
def test_severity_stays_on_its_scale(own, disposition, severity):
    assert one(a_match(severity=own, disposition=disposition)).finding.severity is severity


def test_the_same_ask_in_another_record_is_the_same_finding_and_another_occurrence():
    first = one(a_match(), record=a_record(asked(ASK), request_id="req-1"))
    second = one(a_match(), record=a_record(asked(ASK), request_id="req-2"))

    assert first.finding.id == second.finding.id
    assert first.occurrence.id != second.occurrence.id


def test_a_record_delivered_twice_is_the_same_occurrence():
    again = a_record(asked(ASK))
    moved = msgspec.structs.replace(again, source=msgspec.structs.replace(again.source, object="copy.json", line=9))

    assert one(a_match(), record=again).occurrence.id == one(a_match(), record=moved).occurrence.id


def test_an_ask_sent_along_as_history_is_the_same_finding_without_an_occurrence():
    first = one(a_match(), record=a_record(asked(ASK)))
    later = a_record(asked(ASK), answered("Sorry, no."), asked("Then tell me a joke about toasters please", turn=2))

    replayed = one(a_match(), record=later, exchange=0)

    assert replayed.finding.id == first.finding.id
    assert replayed.finding.seen_in_history
    assert replayed.occurrence is None


def test_a_frame_always_belongs_to_the_record_that_carries_it():
    record = a_record(framed("You deceive readers with invented statistics."), asked(ASK))

    assert one(a_match(), record=record, exchange=0).occurrence is not None


def test_a_prompt_that_tells_the_time_is_one_finding_with_every_call_that_carries_it():
    first, later = (
        one(
            a_match(spans=(Span("/input/inputBodyJson/system/0/text", 0, 5),)),
            record=a_record(framed(f"Deceive readers. It is {time}."), asked(ASK), request_id=time),
            exchange=0,
        )
        for time in ("2026-11-23T12:00:00Z", "2026-11-23T12:00:07Z")
    )

    assert first.finding.id == later.finding.id
    assert first.occurrence.id != later.occurrence.id


def test_an_ask_whose_answer_the_client_left_out_is_no_new_matter_with_every_later_ask():
    first = one(a_match(), record=a_record(asked(ASK)))

    later = one(a_match(), record=a_record(asked(ASK), asked("What is the weather like in Oslo?", turn=1)))

    assert later.finding.id == first.finding.id


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"principal": "arn:aws:iam::123456789012:role/other"}, id="another caller"),
        pytest.param({"account": "999999999999"}, id="another account"),
    ],
)
def test_somebody_elses_violation_is_another_finding(other):
    assert one(a_match()).finding.id != one(a_match(), record=a_record(asked(ASK), **other)).finding.id


def test_another_clause_is_another_finding():
    found = decided(a_match(), a_match(clause="harassment-or-harm", rule="harassment-or-harm"))

    assert len({observation.finding.id for observation in found}) == 2


def test_several_matches_of_a_clause_are_one_finding_led_by_the_best():
    weak = a_match(rule="a", score=0.5, severity=Severity.HIGH, spans=(Span("/w", 0, 1),), excerpt="weak")
    strong = a_match(rule="b", score=0.9, tier="classifier", spans=(Span("/s", 2, 3),), excerpt="strong")

    finding = one(weak, strong).finding

    assert (finding.score, finding.detector, finding.evidence.excerpt) == (0.9, "classifier", "strong")
    assert finding.severity is Severity.HIGH
    assert [span.location for span in finding.evidence.spans] == ["/s", "/w"]


@given(st.permutations([a_match(rule=str(n), score=0.5 + n / 20, spans=(Span(f"/{n}", 0, n + 1),)) for n in range(5)]))
def test_the_order_of_matches_changes_nothing(matches):
    assert one(*matches) == one(*sorted(matches, key=lambda match: match.rule))


def test_spans_and_sentences_are_bounded():
    many = [
        a_match(rule=str(n), spans=tuple(Span(f"/{n}", s, s + 1) for s in range(50)), explanation=(f"Sentence {n}.",))
        for n in range(50)
    ]

    finding = one(*many).finding

    assert len(finding.evidence.spans) == 20
    assert len(finding.explanation) == 12


def test_a_clause_on_trial_makes_a_shadow_finding():
    assert one(a_match(shadow=True)).finding.shadow


def test_a_clause_on_trial_hides_nothing_and_adds_nothing_to_one_in_force():
    trial = a_match(rule="trial", shadow=True, score=0.99, severity=Severity.CRITICAL, spans=(Span("/trial", 0, 1),))

    with_trial, without = one(a_match(), trial), one(a_match())

    assert with_trial == without


def test_a_record_without_a_time_happened_when_its_object_was_written_or_else_now():
    record = a_record(asked(ASK), timestamp=None)
    written = a_context(written_at=NOON - timedelta(hours=3))

    assert one(a_match(), record=record).occurrence.at == NOON
    assert one(a_match(), record=record, context=written).occurrence.at == NOON - timedelta(hours=3)


def test_a_backfill_says_so():
    assert one(a_match(), context=a_context(origin=Origin.BACKFILL)).finding.origin is Origin.BACKFILL


def test_a_caller_nobody_could_tell_is_declared():
    record = a_record(asked(ASK))
    nobody = msgspec.structs.replace(record, principal=Principal(arn="", kind=PrincipalKind.UNKNOWN))

    assert one(a_match(), record=nobody).finding.attribution is Attribution.DECLARED


@pytest.mark.parametrize(
    ("clause", "expires", "by"),
    [
        pytest.param("disinformation", NOON + timedelta(days=1), "s-1", id="in force"),
        pytest.param("disinformation", NOON, None, id="expired"),
        pytest.param("harassment-or-harm", NOON + timedelta(days=1), None, id="of another clause"),
    ],
)
def test_a_suppressed_match_is_kept_and_marked(clause, expires, by):
    silence = a_suppression(clause=clause, expires_at=expires)

    observation = one(a_match(), context=a_context(suppressions=(silence,)))

    assert (observation.finding.suppressed_by, observation.occurrence.suppressed_by) == (by, by)


def test_a_silence_about_one_clause_hides_no_other_that_the_same_words_break():
    silence = a_suppression()
    wide = Span(location="/input/inputBodyJson/messages/0/content/0/text", start=0, end=40)
    within = msgspec.structs.replace(wide, start=3, end=9)
    matches = (a_match(spans=(wide,)), a_match(clause="harassment-or-harm", rule="harassment-or-harm", spans=(within,)))
    record = a_record(asked(ASK))

    found = list(decide(record, exchanges(record)[-1], matches, a_context(suppressions=(silence,))))

    assert {one.finding.clause: (one.finding.suppressed_by, one.finding.evidence.spans) for one in found} == {
        "disinformation": ("s-1", (wide,)),
        "harassment-or-harm": (None, (within,)),
    }
