"""From an application's event on the default bus to a use that a person is known to have reviewed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

from bedrock_audit.ports import UsageQuery
from bedrock_audit.use_case import HumanOversight, HumanReview, Who
from tests.builders import a_use_case
from tests.e2e.pipeline import until
from tests.log_lines import LENDING, line

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def told(pipeline, request_id, **more):
    """Put the event as docs/use-cases.md asks applications to."""
    at = (datetime.now(UTC) - timedelta(hours=1)).replace(microsecond=0).isoformat()
    detail = {"request_id": request_id, "reviewer": "dr.lee@example.com", "outcome": "confirmed", "at": at, **more}
    entry = {"Source": "ward-app", "DetailType": "Bedrock Use Reviewed", "Detail": json.dumps(detail)}
    assert pipeline.emulator.client("events").put_events(Entries=[entry, entry])["FailedEntryCount"] == 0


def test_a_use_is_reviewed_once_an_application_tells_of_it(pipeline):
    """One event comes before the use is audited, one after it, and each of them twice."""
    use_cases, ledger, reviews = pipeline.stores.use_cases, pipeline.stores.ledger, pipeline.stores.reviews
    desk = a_use_case(
        "reviewed",
        who=Who(principals=("role/reviewed",)),
        human_oversight=HumanOversight("A doctor decides", HumanReview(required=True, within_hours=24)),
        expires_at=date(2099, 1, 1),
    )
    use_cases.save(desk, seen=use_cases.registry())
    told(pipeline, "reviewed-1", note="dose was right")
    until(lambda: reviews.of("reviewed-1"))

    pipeline.audited(
        pipeline.put("reviewed", *(line(LENDING, request_id=f"reviewed-{n}", role="reviewed") for n in (1, 2, 3)))
    )
    told(pipeline, "reviewed-2", outcome="corrected")

    until(lambda: reviews.rate("reviewed", since=DAY, until=DAY + timedelta(days=1)).reviewed == 2)
    until(lambda: pipeline.waiting("Reviews/Told") == 0)
    (count,) = ledger.usage(UsageQuery(use_case="reviewed"))
    (review,) = reviews.of("reviewed-1")
    assert (count.uses, review.outcome, review.note) == (3, "confirmed", "dose was right")
    assert not reviews.of("reviewed-3")
    assert pipeline.waiting("Reviews/Refused") == 0
