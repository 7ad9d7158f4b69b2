"""What applications tell of human reviews: recorded once, and what tells of none stays with the queue."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import wiring
from bedrock_audit.aws.review_events import REVIEW_TYPE
from bedrock_audit.ports import UsageQuery
from record_review import handler
from tests.builders import NOON
from tests.lambdas.deployed import Context, batch
from tests.stores.sightings import used

REVIEW = {"request_id": "req-1", "reviewer": "dr.lee@example.com", "outcome": "confirmed", "at": NOON.isoformat()}


@pytest.fixture(autouse=True)
def _fresh(account):
    wiring.stores.cache_clear()


def event(**changed):
    """As EventBridge passes it on."""
    detail = {name: value for name, value in {**REVIEW, **changed}.items() if value is not None}
    return json.dumps({"version": "0", "detail-type": "Bedrock Use Reviewed", "source": "ward-app", "detail": detail})


def recorded(account, request="req-1"):
    return [review.reviewer for review in account.stores.reviews.of(request)]


def test_a_review_is_recorded_however_often_its_event_comes(account):
    answers = [handler(batch(event(note="dose was right")), Context()) for _ in range(2)]

    (review,) = account.stores.reviews.of("req-1")
    assert answers == [{"batchItemFailures": []}] * 2
    assert (review.reviewer, review.outcome, review.at) == ("dr.lee@example.com", "confirmed", NOON)


def test_a_use_that_an_event_says_was_reviewed_is_not_overdue(account):
    account.stores.ledger.record_usage(used("req-1", review_due=NOON + timedelta(hours=1)))
    account.stores.ledger.record_usage(used("req-2", review_due=NOON + timedelta(hours=1)))

    handler(batch(event()), Context())

    late = account.stores.reviews.overdue(now=NOON + timedelta(days=1), since=NOON)
    assert [usage.request_id for usage in late] == ["req-2"]
    assert [count.uses for count in account.stores.ledger.usage(UsageQuery())] == [2]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param("no JSON", "it has no detail", id="no event"),
        pytest.param('{"source": "app"}', "it has no detail", id="without a detail"),
        pytest.param(event(reviewer=None), "missing required field `reviewer`", id="by nobody"),
        pytest.param(event(reviewer="  "), "or by whom", id="by a blank"),
        pytest.param(event(outcome="secret words"), "one of confirmed, corrected, rejected", id="unknown outcome"),
        pytest.param(event(at="2026-11-23T08:00:00"), "must say its zone", id="no zone"),
        pytest.param(event(at="0001-01-01T00:00:00+14:00"), "before there was Bedrock", id="year one"),
        pytest.param(
            event(at=(datetime.now(UTC) + timedelta(days=1)).isoformat()), "lies in the future", id="tomorrow"
        ),
    ],
)
def test_an_event_that_tells_of_no_review_stays_with_the_queue_and_the_others_are_recorded(account, told, body, why):
    answer = handler(batch(body, event()), Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert recorded(account) == ["dr.lee@example.com"]
    assert why in told()
    assert "secret words" not in told()


def test_the_event_in_the_guide_is_one(account):
    guide = (Path(__file__).parents[2] / "docs/use-cases.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)
    put = json.loads(example)

    handler(batch(json.dumps({"detail": json.loads(put["Detail"])})), Context())

    assert put["DetailType"] == REVIEW_TYPE
    assert recorded(account, json.loads(put["Detail"])["request_id"]) == ["dr.lee@example.com"]
