"""Which changes of the findings table are news, and which are not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bedrock_audit.alerts.alert import Cause
from bedrock_audit.aws.finding_stream import news
from bedrock_audit.aws.items import finding_item, occurrence_item
from bedrock_audit.finding import Origin, Severity, Status
from bedrock_audit.recording import Kept, Stored
from tests.builders import a_finding, an_occurrence


def image(finding):
    return finding_item(Kept(finding=finding, face="", revision=1), changed=Stored.NEW)


def change(before, after):
    images = {"NewImage": image(after)} if after else {}
    return {"dynamodb": {**images, **({"OldImage": image(before)} if before else {})}}


OPEN = a_finding(occurrences=1)
RESOLVED = replace(OPEN, status=Status.RESOLVED)
BACKFILLED = replace(OPEN, origin=Origin.BACKFILL)
SUPPRESSED = replace(OPEN, suppressed_by="s-1")
WORSE = replace(OPEN, severity=Severity.CRITICAL)


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        pytest.param(None, OPEN, Cause.NEW, id="new"),
        pytest.param(OPEN, replace(OPEN, occurrences=2), None, id="counted"),
        pytest.param(OPEN, replace(OPEN, status=Status.ACKNOWLEDGED), None, id="acknowledged"),
        pytest.param(RESOLVED, OPEN, Cause.REOPENED, id="reopened"),
        pytest.param(OPEN, WORSE, Cause.RAISED, id="severity raised"),
        pytest.param(OPEN, None, None, id="expired"),
        pytest.param(BACKFILLED, OPEN, Cause.NEW, id="backfilled, now live"),
        pytest.param(SUPPRESSED, OPEN, Cause.NEW, id="suppressed, now not"),
        pytest.param(BACKFILLED, replace(BACKFILLED, occurrences=2), None, id="still backfill"),
    ],
)
def test_news_follows_from_what_is_stored(before, after, cause):
    told = news(change(before, after))

    assert (told.cause if told else None) == cause


def test_occurrences_are_no_news():
    item = occurrence_item(an_occurrence(a_finding()))

    assert news({"dynamodb": {"NewImage": item}}) is None
