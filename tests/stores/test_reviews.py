"""Human reviews of permitted uses: whichever comes first, they are matched by the request."""

from __future__ import annotations

import msgspec
import pytest

from bedrock_audit.review import Review, ReviewOutcome, ReviewRate
from tests.stores.sightings import minutes, used


def reviewed(request="req-1", *, at=30.0, reviewer="dr-lee", **more):
    return Review(request_id=request, reviewer=reviewer, outcome=ReviewOutcome.CONFIRMED, at=minutes(at), **more)


def rate(stores, use_case="triage", *, since=0.0, until=1000.0):
    return stores.reviews.rate(use_case, since=minutes(since), until=minutes(until))


def test_a_review_is_recorded_once(stores):
    recorded = [stores.reviews.record(reviewed()), stores.reviews.record(reviewed())]

    assert recorded == [True, False]
    assert list(stores.reviews.of("req-1")) == [reviewed()]
    assert list(stores.reviews.of("req-2")) == []


def test_several_people_may_review_one_request(stores):
    second, first = reviewed(at=50, reviewer="dr-kim", note="differs"), reviewed(at=40)

    for review in (second, first):
        stores.reviews.record(review)
    stores.ledger.record_usage(used("req-1"))

    assert list(stores.reviews.of("req-1")) == [first, second]
    assert rate(stores) == ReviewRate(use_case="triage", uses=1, reviewed=1)


@pytest.mark.parametrize("review_first", [True, False], ids=["review first", "use first"])
def test_a_review_is_matched_to_its_use(stores, review_first):
    steps = [lambda: stores.reviews.record(reviewed("req-1")), lambda: stores.ledger.record_usage(used("req-1"))]

    for step in steps if review_first else reversed(steps):
        step()

    assert rate(stores).share == 1.0


def test_the_rate_of_a_use_case_in_a_period(stores):
    for number in range(4):
        stores.ledger.record_usage(used(f"req-{number}", at=minutes(number)))
    stores.ledger.record_usage(used("other", use_case="hiring"))
    for request in ("req-1", "req-3", "other", "never-audited"):
        stores.reviews.record(reviewed(request))

    assert rate(stores) == ReviewRate(use_case="triage", uses=4, reviewed=2)
    assert rate(stores, since=1, until=3) == ReviewRate(use_case="triage", uses=2, reviewed=1)
    assert rate(stores, "unknown").share is None


def test_uses_whose_review_is_overdue(stores):
    due = {"late": 10, "later": 20, "reviewed": 15, "not yet": 300, "hiring": 12}
    for request, minute in due.items():
        use_case = "hiring" if request == "hiring" else "triage"
        stores.ledger.record_usage(used(request, use_case=use_case, review_due=minutes(minute)))
    stores.ledger.record_usage(used("needs none"))
    stores.reviews.record(reviewed("reviewed"))

    def overdue(**more):
        return [usage.request_id for usage in stores.reviews.overdue(now=minutes(60), **more)]

    assert overdue(since=minutes(0)) == ["late", "hiring", "later"]
    assert overdue(since=minutes(0), use_case="triage") == ["late", "later"]
    assert overdue(since=minutes(11)) == ["hiring", "later"]


def test_a_use_without_a_request_id_cannot_be_reviewed(stores):
    usage = msgspec.structs.replace(used("nameless"), request_id="", review_due=minutes(5))
    stores.ledger.record_usage(usage)

    assert rate(stores) == ReviewRate(use_case="triage", uses=1, reviewed=0)
    assert list(stores.reviews.overdue(now=minutes(60), since=minutes(0))) == [usage]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["late one first", "early one first"])
def test_a_review_that_comes_late_is_no_longer_waited_for_and_was_missed_all_the_same(stores, order):
    for request in ("late", "in time", "both", "never"):
        stores.ledger.record_usage(used(request, review_due=minutes(60)))
    stores.reviews.record(reviewed("late", at=61))
    stores.reviews.record(reviewed("in time", at=60))
    both = [reviewed("both", at=90), reviewed("both", at=30, reviewer="dr-kim")]
    assert [stores.reviews.record(both[number]) for number in order] == [True, True]
    assert stores.reviews.record(reviewed("both", at=90)) is False

    asked = {"now": minutes(120), "since": minutes(0)}

    assert {usage.request_id for usage in stores.reviews.overdue(**asked)} == {"never"}
    assert {usage.request_id for usage in stores.reviews.missed(**asked)} == {"late", "never"}
    assert {usage.request_id for usage in stores.reviews.missed(now=minutes(60), since=minutes(0))} == set()
    assert rate(stores).reviewed == 3
