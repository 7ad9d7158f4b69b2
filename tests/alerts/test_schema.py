"""The published schema of messages for programs: every message fits it, and nothing in it is out of step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.digest import Digest, Kind, repeats, storm
from bedrock_audit.alerts.machine import alert_message, digest_message, text
from bedrock_audit.alerts.waiting import waiting
from bedrock_audit.finding import Attribution, Change, Disposition, Evidence, Origin, Severity, Span, Status, Verdict
from tests.builders import NOON, a_finding

PUBLISHED = json.loads((Path(__file__).parents[2] / "docs/schema/alert.schema.json").read_text("utf-8"))
FITS = Draft202012Validator(PUBLISHED)
FULL = {
    "domain": "lending",
    "use_case": "loan-desk",
    "end_user": "u-7",
    "language": "de",
    "suppressed_by": "s-1",
    "explanation": ("loan-desk: its approval expired.",),
    "history": (Change(at=NOON, actor="ana", status=Status.RESOLVED, reason="done"),),
    "evidence": Evidence(
        object="s3://b/k", line=1, request_id="r", location="/x", spans=(Span("/x", 0, 1),), excerpt="x", text_hash="h"
    ),
}
TOLD = [cause for cause in Cause if cause is not Cause.REPEATED]


def sent(message):
    """The message as a subscriber reads it."""
    return json.loads(text(message))


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("cause", TOLD)
@pytest.mark.parametrize("fields", [{}, FULL], ids=["bare", "full"])
def test_every_alert_fits_the_published_schema(verdict, cause, fields):
    FITS.validate(sent(alert_message(alert(a_finding(verdict=verdict, **fields), cause))))


def test_every_digest_fits_the_published_schema():
    told = alert(a_finding())
    made = (
        repeats([waiting(told, ["mail"])], since=NOON, until=NOON),
        storm(told, told={Severity.HIGH: 20}, cap=20),
        Digest(kind=Kind.DAILY, title="t", lines=()),
    )

    for digest in made:
        FITS.validate(sent(digest_message(digest)))


@pytest.mark.parametrize(
    "break_it",
    [
        pytest.param(lambda message: message.update(schema="bedrock-audit/alert/2"), id="another version"),
        pytest.param(lambda message: message.update(cause="repeated"), id="what never alerts"),
        pytest.param(lambda message: message["finding"].update(excerpt="their words"), id="content"),
        pytest.param(lambda message: message["finding"]["evidence"].update(excerpt="their words"), id="an excerpt"),
        pytest.param(lambda message: message["finding"].pop("severity"), id="no severity"),
    ],
)
def test_what_is_no_alert_does_not_fit(break_it):
    message = sent(alert_message(alert(a_finding())))
    break_it(message)

    assert not FITS.is_valid(message)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("verdict", Verdict),
        ("severity", Severity),
        ("disposition", Disposition),
        ("status", Status),
        ("attribution", Attribution),
        ("origin", Origin),
    ],
)
def test_the_schema_knows_every_word_of_a_finding(name, kind):
    assert PUBLISHED["$defs"]["Finding"]["properties"][name]["enum"] == [each.value for each in kind]


def test_the_schema_knows_every_cause_and_kind():
    definitions = PUBLISHED["$defs"]

    assert definitions["Alert"]["properties"]["cause"]["enum"] == [cause.value for cause in TOLD]
    assert definitions["Digest"]["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
