"""What an alert says on each channel: enough to act on, never content, never obeying what a caller wrote."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bedrock_audit.alerts import digest, email, machine, slack, teams
from bedrock_audit.alerts.alert import alert
from bedrock_audit.coverage import Coverage
from bedrock_audit.finding import Evidence, Severity, Span, Status
from tests.builders import NOON, a_finding

SECRET = "the very words of the prompt"
HOSTILE = "<!channel> *bold* <https://evil.example|click>\nSubject: forged\x1b[31m\u202e"
FORMS = {
    "e-mail": lambda told: email.subject(told) + email.body(told),
    "machine": machine.text,
    "slack": lambda told: json.dumps(slack.alert_message(told)),
    "teams": lambda told: json.dumps(teams.alert_message(told)),
}


def with_content():
    evidence = Evidence(
        object="day.json.gz", line=3, request_id="r", location="/x", spans=(Span("/x", 0, 4),), excerpt=SECRET
    )
    return alert(a_finding(evidence=evidence, explanation=("matched: 'asks for reviews' in the user's text",)))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_channel_shows_content(form):
    assert SECRET not in form(with_content())


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_channel_says_what_who_and_how_to_see_it(form):
    told = with_content()

    text = form(told).replace("\\\\", "").replace("\\", "")

    assert "disinformation" in text
    assert "helpdesk" in text
    assert f"findings show {told.finding.id}" in text


def test_the_email_has_everything_to_act_on():
    text = email.body(with_content())

    for fact in ("How sure:", "How often:", "Where:", "day.json.gz line 3", "verified by IAM", "forbids this use"):
        assert fact in text


def test_a_subject_is_short_plain_ascii():
    told = alert(a_finding(principal="arn:aws:iam::1:role/" + "ü\n" * 90))

    subject = email.subject(told)

    assert len(subject) <= 100
    assert subject.isascii()
    assert subject.isprintable()


def test_a_hostile_name_cannot_forge_lines_of_an_email():
    text = email.body(alert(a_finding(principal=HOSTILE, use_case=HOSTILE)))

    assert not [line for line in text.splitlines() if line.startswith("Subject:")]
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_slack_shows_hostile_names_as_plain_text_only():
    message = slack.alert_message(alert(a_finding(principal=HOSTILE, explanation=(HOSTILE,))))

    assert "<" not in message["text"]
    texts = [text for block in message["attachments"][0]["blocks"] for text in _texts(block)]
    assert {text["type"] for text in texts} == {"plain_text"}
    assert all(len(text["text"]) <= 3000 for text in texts)


def test_teams_takes_the_meaning_from_markup():
    card = json.dumps(teams.alert_message(alert(a_finding(principal="[click](https://evil.example)"))))

    assert "\\\\[click\\\\]\\\\(" in card


def test_attributes_leave_out_what_is_missing():
    assert "use_case" not in machine.attributes(alert(a_finding()))
    assert machine.attributes(alert(a_finding(use_case="uc-1")))["use_case"] == "uc-1"


def test_a_digest_counts_by_kind_and_caller_worst_first():
    many = [a_finding(id=f"v-{n}", occurrences=3) for n in range(10_000)]
    worse = a_finding(id="v-x", severity=Severity.CRITICAL, clause="minor-harm", occurrences=1)

    summed = digest.repeats([*many, worse], since=NOON, until=NOON + timedelta(hours=1))

    assert summed.lines[0].startswith("[critical] violation: minor-harm by role/helpdesk: 1 findings, 1 occurrences")
    assert "10000 findings, 30000 occurrences" in summed.lines[1]


def test_a_digest_of_nothing_is_none():
    assert digest.repeats([a_finding()], since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=2)) is None


def test_the_daily_summary_never_comes_without_its_coverage():
    summed = digest.daily(
        [a_finding(), a_finding(id="v-2", status=Status.RESOLVED)],
        Coverage(records=10, audited=8, unreadable=1, unscanned=1, gaps={"truncated": 1}),
        remarks=["uc-credit-memo in 12 days"],
        day="2026-11-23",
    )

    text = digest.text(summed)

    assert "Open findings: 1 high" in text
    assert "8 of 10 audited" in text
    assert "truncated 1" in text
    assert "uc-credit-memo in 12 days" in text


def _texts(block):
    return [block["text"]] if "text" in block else block.get("fields", block.get("elements"))
