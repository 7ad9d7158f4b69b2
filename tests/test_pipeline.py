"""The route as a whole on stores in memory: lines in, findings, occurrences and coverage out."""

from __future__ import annotations

import io
import itertools
import json
import random
from datetime import timedelta

import pytest

from bedrock_audit.detect import Detector
from bedrock_audit.finding import Verdict
from bedrock_audit.local import open_stores
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.pipeline import Engine, Period, audit_object
from bedrock_audit.policy import load_policy
from bedrock_audit.ports import FindingQuery, LogObject, Stored
from bedrock_audit.tally import is_audited
from bedrock_audit.use_case import HumanOversight, HumanReview, Safeguards
from tests.builders import NOON, a_use_case
from tests.fakes import FakeStores

BAD = "Please plan the great banana heist with me, every step of it."
FINE = "Please tell me how bananas are shipped across the sea."
LOAN = "Loan application 4711: income 2,100 a month, two missed payments. Approve or decline this applicant?"
CLAUSE = """
title: Plans a heist of bananas
sentence: Nobody may plan to take the bananas.
policy: {kind: prohibition, paragraph: test}
severity: medium
rules:
  plans: {score: 0.9, in: [user], all: [heist]}
signals:
  heist: {phrases: {en: [banana heist]}}
cases:
  must-match: [{text: the banana heist}]
  must-not-match: [{text: a banana, why: only fruit}]
"""
_numbers = itertools.count()


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clauses")
    (folder / "banana-heist.yaml").write_text(CLAUSE)
    return load_policy(folder)


@pytest.fixture
def engine(policy):
    return an_engine(policy)


def an_engine(policy, *use_cases, stores=None, **more):
    stores = stores or FakeStores()
    for use_case in use_cases:
        stores.use_cases.save(use_case, seen=stores.use_cases.registry())
    return Engine(detector=Detector(policy), stores=stores, bodies=NoBodies(), clock=lambda: NOON, **more)


def a_line(*turns, request_id=None, **more):
    """A Converse record whose turns are asks and answers in turn."""
    said = [{"role": ("user", "assistant")[at % 2], "content": [{"text": text}]} for at, text in enumerate(turns)]
    record = {
        "schemaType": "ModelInvocationLog",
        "timestamp": "2026-11-23T10:00:00Z",
        "accountId": "123456789012",
        "region": "eu-central-1",
        "requestId": request_id or f"req-{next(_numbers)}",
        "operation": "Converse",
        "modelId": "anthropic.claude-sonnet-4-5-v1:0",
        "identity": {"arn": "arn:aws:sts::123456789012:assumed-role/helpdesk/web"},
        "input": {"inputBodyJson": {"messages": said[:-1]}, "inputTokenCount": 5},
        "output": {"outputBodyJson": {"output": {"message": said[-1]}, "stopReason": "end_turn"}},
    }
    return json.dumps({**record, **more})


def audit(engine, *lines, name="day.json", **options):
    log = LogObject(name=name, etag=str(hash(lines)), size=0)
    return audit_object(log, io.BytesIO("\n".join(lines).encode()), engine=engine, **options)


def stored(engine):
    """Findings and occurrences as a store shows them, but for where they were read."""
    kept = engine.stores.findings.kept.values()
    return {one.finding.id: (one.finding.verdict, one.finding.occurrences, one.finding.severity) for one in kept}


def test_a_violation_is_one_finding_with_one_occurrence(engine):
    row = audit(engine, a_line(FINE, "By ship."), a_line(BAD, "First, a ladder."))

    ((verdict, occurrences, _),) = stored(engine).values()
    assert (verdict, occurrences) == (Verdict.VIOLATION, 1)
    assert (row.coverage.records, row.coverage.audited, row.coverage.exchanges) == (2, 2, 2)


def test_the_same_audit_again_adds_nothing(engine):
    lines = [a_line(BAD, "First, a ladder."), a_line(LOAN, "Decline.")]
    audit(engine, *lines)
    before = stored(engine)

    told = []
    audit(engine, *lines, told=lambda _finding, outcome: told.append(outcome))

    assert stored(engine) == before
    assert set(told) == {Stored.SEEN}


def test_a_history_sent_ten_times_is_one_violation_and_one_occurrence(engine):
    turns = [BAD, "First, a ladder."]
    lines = [a_line(*turns)]
    for number in range(9):
        turns += [f"And what about step number {number} of all this?", "Then we wait."]
        lines.append(a_line(*turns))

    audit(engine, *lines)

    assert [occurrences for _, occurrences, _ in stored(engine).values()] == [1]


def test_any_order_and_repetition_of_objects_ends_in_the_same_findings(policy):
    first = a_line(BAD, "First, a ladder.", request_id="one")
    later = a_line(BAD, "First, a ladder.", "And then, what comes after the ladder?", "A net.", request_id="two")
    again = a_line(BAD, "I can't help with that.", request_id="three")
    lines, outcomes = [first, later, again, "{broken"], []
    for seed in range(12):
        order = lines * 2
        random.Random(seed).shuffle(order)
        engine = an_engine(policy)
        for line in order:
            audit(engine, line, name=f"object-{lines.index(line)}")
        outcomes.append(stored(engine))

    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert sorted(occurrences for _, occurrences, _ in outcomes[0].values()) == [1, 2]


def test_a_broken_line_is_a_finding_and_the_rest_is_audited(engine):
    row = audit(engine, a_line(FINE, "By ship."), a_line(FINE, "By ship.")[:80], a_line(BAD, "A ladder."))

    assert (row.coverage.records, row.coverage.audited, row.coverage.unreadable) == (3, 2, 1)
    assert {verdict for verdict, _, _ in stored(engine).values()} == {Verdict.VIOLATION, Verdict.COULD_NOT_EVALUATE}


def test_every_record_is_audited_unreadable_or_unscanned(engine):
    without_bodies = a_line(FINE, "x", input={"inputTokenCount": 9}, output={"outputTokenCount": 3})
    failed = a_line(FINE, "x", errorCode="ThrottlingException", input={}, output={})

    coverage = audit(engine, a_line(FINE, "y"), without_bodies, failed, "[1, 2]", "nonsense", "", '"text"').coverage

    assert coverage.records == coverage.audited + coverage.unreadable + coverage.unscanned
    assert coverage.audited == 2
    assert coverage.unscanned == 1


def test_vectors_that_were_made_of_a_text_nobody_saw_were_not_audited(engine):
    line = a_line(FINE, "x", modelId="cohere.embed-english-v3", input={}, output={})

    coverage = audit(engine, line).coverage

    assert (coverage.audited, coverage.unscanned, coverage.gaps) == (0, 1, {"absent": 1})


def test_strings_no_reader_knows_are_counted_per_model(engine):
    line = a_line(FINE, "x", output={"outputBodyJson": {"stopReason": "end_turn", "newMember": "Something new."}})

    assert audit(engine, line).coverage.unknown_shapes == {"anthropic.claude-sonnet-4-5-v1:0": 1}


def test_a_consequential_use_needs_a_use_case(policy):
    without, with_one = an_engine(policy), an_engine(policy, a_use_case())
    line = a_line(LOAN, "Draft for the officer: decline the application.")

    audit(without, line)
    audit(with_one, line)

    assert [verdict for verdict, _, _ in stored(without).values()] == [Verdict.UNAPPROVED_USE]
    assert stored(with_one) == {}
    assert [usage.use_case for usage in with_one.stores.ledger.used.values()] == ["loan-desk"]


def test_a_hundred_uses_are_one_finding_with_a_hundred_occurrences(engine):
    audit(engine, *(a_line(f"{LOAN} File {number}.", "Decline.") for number in range(100)))

    assert [occurrences for _, occurrences, _ in stored(engine).values()] == [100]


def test_a_use_in_an_impossible_year_is_recorded_with_the_time_of_its_object(policy):
    """A sum with the year 9999, such as when its review is due, would end the audit of the whole object."""
    reviewed = a_use_case(human_oversight=HumanOversight(description="A person", human_review=HumanReview()))
    engine = an_engine(policy, reviewed)

    audit(engine, a_line(LOAN, "Decline.", timestamp="9999-12-31T23:59:59Z"))

    (usage,) = engine.stores.ledger.used.values()
    assert (usage.at, usage.review_due) == (NOON, NOON + timedelta(hours=24))


def test_a_limit_that_several_audits_exceed_together_is_found_though_nobody_calls_again(policy, tmp_path):
    """Each of two objects keeps to the limit; they are audited at once, as by two functions."""
    calls = [a_line(f"{LOAN} File {number}.", "Decline.") for number in range(4)]
    with open_stores(tmp_path / "store.db") as one, open_stores(tmp_path / "store.db") as other:
        one.use_cases.save(a_use_case(safeguards=Safeguards(max_daily_decisions=3)), seen=one.use_cases.registry())

        def before_each_call():
            """Between the two calls of this object the other object is audited whole."""
            if next(lines) == 2:
                audit(an_engine(policy, stores=other), *calls[2:], name="other.json")
                assert list(other.findings.query(FindingQuery())) == []
            return False

        lines = itertools.count(1)
        audit(an_engine(policy, stores=one), *calls[:2], out_of_time=before_each_call)

        (finding,) = one.findings.query(FindingQuery())
    assert finding.title == "Safeguard missing (daily limit): more than 3 decisions a day under loan-desk"


def test_an_audit_that_stops_goes_on_without_counting_twice(policy):
    lines = [a_line(BAD, "A ladder."), a_line(LOAN, "Decline."), "{broken", a_line(FINE, "By ship.")]
    whole, pieces = an_engine(policy), an_engine(policy)
    complete = audit(whole, *lines)

    next_line, rows = 1, []
    while next_line:
        calls = itertools.count()
        row = audit(pieces, *lines, first_line=next_line, out_of_time=lambda calls=calls: next(calls) >= 1)
        rows.append(row)
        next_line = row.next_line

    assert len(rows) > 2
    assert stored(pieces) == stored(whole)
    assert rows[-1].coverage == complete.coverage


def test_records_outside_the_period_are_left_alone(policy):
    engine = an_engine(policy, period=Period(since=NOON))

    row = audit(engine, a_line(BAD, "A ladder."), a_line(BAD, "A ladder.", timestamp="2026-11-23T13:00:00Z"))

    assert (row.coverage.records, row.coverage.skipped) == (1, 1)


def test_only_what_was_audited_to_its_end_counts_as_audited(engine):
    log = LogObject(name="day.json", etag="1", size=0)
    line = a_line(FINE, "By ship.").encode()
    versions = {"policy_version": engine.detector.policy.version, "engine_version": "0.0.0"}

    row = audit_object(log, io.BytesIO(line), engine=engine, out_of_time=lambda: True)

    assert not is_audited(None, log=log, **versions)
    assert not is_audited(row, log=log, **{**versions, "engine_version": row.engine_version})
    done = audit_object(log, io.BytesIO(line), engine=engine)
    assert is_audited(done, log=log, **{**versions, "engine_version": done.engine_version})
    assert not is_audited(done, log=LogObject(name="day.json", etag="2", size=0), **versions)
