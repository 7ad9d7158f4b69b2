"""Which changes of the findings table are news, and which are not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bedrock_audit.alerts.alert import Cause
from bedrock_audit.aws.finding_stream import alert_of
from bedrock_audit.aws.items import LIFE, finding_item, occurrence_item
from bedrock_audit.finding import Origin, Severity, Status
from bedrock_audit.recording import Kept, Stored
from tests.builders import a_finding, an_occurrence


def image(finding, *, changed=Stored.NEW):
    return finding_item(Kept(finding=finding, face="", revision=1), changed=changed)


def change(before, after, *, changed=Stored.NEW):
    images = {"NewImage": image(after, changed=changed)} if after else {}
    return {"dynamodb": {**images, **({"OldImage": image(before)} if before else {})}}


OPEN = a_finding(occurrences=1)
TWICE = replace(OPEN, occurrences=2)
RESOLVED = replace(OPEN, status=Status.RESOLVED)
BACKFILLED = replace(OPEN, origin=Origin.BACKFILL)
SUPPRESSED = replace(OPEN, suppressed_by="s-1")
ON_TRIAL = replace(OPEN, shadow=True)
WORSE = replace(OPEN, severity=Severity.CRITICAL)
REMEMBERED = replace(OPEN, occurrences=0, seen_in_history=True)


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        pytest.param(None, OPEN, Cause.NEW, id="new"),
        pytest.param(None, REMEMBERED, Cause.NEW, id="seen in history only"),
        pytest.param(REMEMBERED, OPEN, Cause.REPEATED, id="seen in history, now happening"),
        pytest.param(OPEN, TWICE, Cause.REPEATED, id="counted"),
        pytest.param(OPEN, OPEN, None, id="seen before"),
        pytest.param(RESOLVED, TWICE, Cause.REOPENED, id="reopened"),
        pytest.param(RESOLVED, replace(RESOLVED, occurrences=2), None, id="counted, but before it was resolved"),
        pytest.param(OPEN, WORSE, Cause.RAISED, id="severity raised"),
        pytest.param(OPEN, None, None, id="expired"),
        pytest.param(BACKFILLED, OPEN, Cause.NEW, id="backfilled, now live"),
        pytest.param(SUPPRESSED, TWICE, Cause.NEW, id="suppressed, now not"),
        pytest.param(ON_TRIAL, TWICE, Cause.NEW, id="on trial, now in force"),
        pytest.param(BACKFILLED, replace(BACKFILLED, occurrences=2), Cause.REPEATED, id="still backfill"),
    ],
)
def test_news_follows_from_what_is_stored(before, after, cause):
    told = alert_of(change(before, after))

    assert (told.cause if told else None) == cause


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (Status.OPEN, Cause.REPEATED),
        (Status.ACKNOWLEDGED, Cause.REPEATED),
        (Status.ACCEPTED, None),
        (Status.FALSE_POSITIVE, None),
    ],
)
def test_what_people_have_settled_is_not_repeated_to_them(status, cause):
    told = alert_of(change(replace(OPEN, status=status), replace(TWICE, status=status)))

    assert (told.cause if told else None) == cause


@pytest.mark.parametrize(("status", "cause"), [(Status.ACCEPTED, Cause.RAISED), (Status.FALSE_POSITIVE, None)])
def test_what_was_accepted_is_news_when_it_gets_worse_and_what_was_wrong_is_not(status, cause):
    told = alert_of(change(replace(OPEN, status=status), replace(WORSE, status=status)))

    assert (told.cause if told else None) == cause


def test_what_people_do_to_a_finding_is_no_news_to_them():
    assert alert_of(change(RESOLVED, OPEN, changed=LIFE)) is None


def test_an_alert_says_what_was_added_and_how_to_reach_the_store():
    told = alert_of(change(replace(OPEN, occurrences=4), replace(OPEN, occurrences=9)), reach=" --aws")

    assert (told.added, told.finding.occurrences) == (5, 9)
    assert told.command.endswith(" --aws")


def test_occurrences_are_no_news():
    item = occurrence_item(an_occurrence(a_finding()))

    assert alert_of({"dynamodb": {"NewImage": item}}) is None
