"""Uses that nobody reviewed in time, from the audit that recorded them to the finding."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from bedrock_audit.finding import Usage
from bedrock_audit.pipeline import Engine, note_overdue
from bedrock_audit.ports import FindingQuery
from bedrock_audit.review import Review, ReviewOutcome
from tests.builders import NOON, a_context
from tests.fakes import FakeStores

POLICY = SimpleNamespace(policy=SimpleNamespace(version="2023-09-28+test"))


def a_usage(request_id, *, due):
    return Usage(
        id=f"g-{request_id}",
        use_case="triage",
        domain="medical-advice",
        account="123456789012",
        principal="arn:aws:iam::123456789012:role/triage",
        identity=request_id,
        request_id=request_id,
        at=due - timedelta(hours=24),
        object="day.json.gz",
        line=1,
        review_due=due,
    )


@pytest.fixture
def stores():
    kept = FakeStores()
    for request_id, due in (("late", -1), ("later", -30), ("in-time", 1), ("reviewed", -1)):
        kept.ledger.record_usage(a_usage(request_id, due=NOON + timedelta(hours=due)))
    kept.reviews.record(Review("reviewed", "dr.lee", ReviewOutcome.CONFIRMED, NOON - timedelta(hours=2)))
    kept.reviews.record(Review("late", "dr.lee", ReviewOutcome.CONFIRMED, NOON - timedelta(minutes=30)))
    return kept


def looked(stores, *, at=NOON):
    heard = []
    engine = Engine(detector=POLICY, stores=stores, bodies=None, clock=lambda: at)
    note_overdue(engine, told=lambda finding, stored: heard.append(stored))
    return heard, list(stores.findings.query(FindingQuery()))


def test_what_was_not_reviewed_in_time_becomes_a_finding(stores):
    _, (finding,) = looked(stores)

    assert finding.title == "Safeguard missing (human review): medical-advice by role/triage under triage"
    assert {one.request_id for one in stores.findings.occurrences(finding.id)} == {"late", "later"}


def test_looking_again_adds_nothing_and_later_what_is_overdue_by_then(stores):
    looked(stores)
    _, (again,) = looked(stores)
    _, (later,) = looked(stores, at=NOON + timedelta(hours=2))

    assert (again.occurrences, later.occurrences) == (2, 3)


def test_the_finding_bears_the_policy_in_force(stores):
    _, (finding,) = looked(stores)

    assert finding.policy_version == a_context().policy_version
