from __future__ import annotations

import io
import itertools
from contextlib import contextmanager
from datetime import timedelta

import msgspec
import pytest

from bedrock_audit.detect import Detector
from bedrock_audit.finding import Origin, Status, Verdict
from bedrock_audit.intake import given_up, recovered, taken_in
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.pipeline import Engine
from bedrock_audit.policy import load_policy
from bedrock_audit.ports import FindingQuery, LogObject
from tests.builders import NOON
from tests.fakes import FakeStores
from tests.log_lines import HARMLESS, LENDING, line, log_object

LINES = [line(LENDING, request_id="a"), line(HARMLESS, request_id="b"), line(LENDING, request_id="c", role="desk")]
LOG = LogObject(name="s3://logs/a.json.gz", etag="1", size=1)
DETECTOR = Detector(load_policy(None))


class Objects:
    """Log objects in memory; counts how often one was opened."""

    def __init__(self, lines=LINES):
        self.lines = lines
        self.opened_times = 0

    @contextmanager
    def opened(self, _name):
        self.opened_times += 1
        yield io.BytesIO(log_object(self.lines))


def an_engine():
    """An engine on empty stores whose clock moves on with every look at it."""
    minutes = itertools.count()
    return Engine(
        detector=DETECTOR,
        stores=FakeStores(),
        bodies=NoBodies(),
        clock=lambda: NOON + timedelta(minutes=next(minutes)),
    )


def stopping_before(entry):
    """A budget that lets `entry` - 1 entries pass."""
    calls = iter(range(1, 1000))
    return lambda: next(calls) >= entry


def take(engine, objects, *, log=LOG, origin=Origin.LIVE, out_of_time=lambda: False):
    return taken_in(log, engine=engine, objects=objects, origin=origin, out_of_time=out_of_time)


def counts(engine):
    findings = list(engine.stores.findings.query(FindingQuery()))
    return sorted((finding.id, finding.occurrences) for finding in findings)


def at_once():
    engine = an_engine()
    row = take(engine, Objects())
    return row.coverage, counts(engine)


def test_an_object_is_audited_whole():
    engine = an_engine()

    row = take(engine, Objects())

    assert (row.next_line, row.coverage.records, row.coverage.audited) == (None, 3, 3)
    assert [occurrences for _, occurrences in counts(engine)] == [1, 1]


def test_what_comes_twice_is_read_once():
    engine, objects = an_engine(), Objects()

    first, second = take(engine, objects), take(engine, objects)

    assert (first, objects.opened_times) == (second, 1)


def test_an_object_whose_content_has_changed_is_read_anew():
    engine, objects = an_engine(), Objects()
    take(engine, objects)
    objects.lines = [*LINES, line(LENDING, request_id="d", role="third")]

    row = take(engine, objects, log=msgspec.structs.replace(LOG, etag="2"))

    assert (row.coverage.objects, row.coverage.records, len(counts(engine))) == (1, 4, 3)


@pytest.mark.parametrize("entry", [1, 2, 3], ids=lambda entry: f"stopped before entry {entry}")
def test_an_object_continued_is_as_if_it_had_been_read_at_once(entry):
    engine, objects = an_engine(), Objects()

    stopped = take(engine, objects, out_of_time=stopping_before(entry))
    row = take(engine, objects)

    assert (stopped.next_line, row.next_line) == (entry, None)
    assert (row.coverage, counts(engine)) == at_once()


def test_a_continuation_that_is_delivered_twice_counts_nothing_twice():
    engine, objects = an_engine(), Objects()
    take(engine, objects, out_of_time=stopping_before(2))
    take(engine, objects, out_of_time=stopping_before(2))

    row = take(engine, objects)
    take(engine, objects)

    assert (row.coverage, counts(engine)) == at_once()


def test_an_object_that_changed_before_it_was_continued_is_read_from_its_beginning():
    engine, objects = an_engine(), Objects()
    take(engine, objects, out_of_time=stopping_before(2))

    row = take(engine, objects, log=msgspec.structs.replace(LOG, etag="2"))

    assert (row.coverage, row.etag) == (at_once()[0], "2")


def test_findings_of_a_backfill_say_so():
    engine = an_engine()

    take(engine, Objects(), origin=Origin.BACKFILL)

    assert {finding.origin for finding in engine.stores.findings.query(FindingQuery())} == {Origin.BACKFILL}


def test_an_object_given_up_becomes_a_finding_that_names_it_and_where_it_stopped():
    engine = an_engine()
    take(engine, Objects(), out_of_time=stopping_before(3))

    finding = engine.stores.findings.get(given_up(LOG, engine=engine, delivery="message-1"))

    assert (finding.verdict, finding.evidence.object, finding.evidence.line) == (
        Verdict.COULD_NOT_EVALUATE,
        "s3://logs/a.json.gz",
        3,
    )
    assert "from line 3 on" in finding.explanation[0]


def test_giving_up_twice_for_the_same_message_is_one_occurrence():
    engine = an_engine()

    names = {given_up(LOG, engine=engine, delivery="message-1") for _ in range(2)}

    assert [engine.stores.findings.get(name).occurrences for name in names] == [1]


def test_an_object_audited_after_all_closes_its_finding():
    engine = an_engine()
    name = given_up(LOG, engine=engine, delivery="message-1")

    recovered(LOG, engine=engine)

    finding = engine.stores.findings.get(name)
    assert (finding.status, finding.history[-1].actor) == (Status.RESOLVED, "bedrock-audit")


def test_an_object_given_up_again_opens_its_finding_again():
    engine = an_engine()
    name = given_up(LOG, engine=engine, delivery="message-1")
    recovered(LOG, engine=engine)

    given_up(LOG, engine=engine, delivery="message-2")

    assert engine.stores.findings.get(name).status is Status.OPEN


def test_a_finding_that_somebody_is_at_work_on_is_left_to_them():
    engine = an_engine()

    assert recovered(LOG, engine=engine) is None
