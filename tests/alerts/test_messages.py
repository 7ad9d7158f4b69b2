"""What an alert says on each channel: enough to act on, never content, never obeying what a caller wrote."""

from __future__ import annotations

import json

import msgspec
import pytest

from bedrock_audit.alerts import amazon_q, digest, email, machine, slack, teams
from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.digest import Digest, Kind
from bedrock_audit.finding import Change, Evidence, Severity, Span, Status, Verdict
from tests.builders import NOON, a_finding

SECRET = "the very words of the prompt"
HOSTILE = (
    "<!channel> *bold* <https://evil.example|click> [click](HTTP://evil.example)"
    "\r\nSubject: forged\u2028Bcc: you\x1b[31m\u202e\u200b\ud800"
)
ENDLESS = "\N{LARGE ORANGE CIRCLE}\u4e00" * 5_000
FORMS = {
    "e-mail": lambda told: email.subject(told) + email.body(told),
    "text message": email.short,
    "machine": lambda told: machine.text(machine.alert_message(told)),
    "attributes": lambda told: json.dumps(machine.alert_attributes(told)),
    "slack": lambda told: json.dumps(slack.alert_message(told)),
    "teams": lambda told: json.dumps(teams.alert_message(told)),
    "amazon q": lambda told: json.dumps(amazon_q.alert_message(told)),
}
WHOLE = {name: form for name, form in FORMS.items() if name not in {"text message", "attributes"}}
FOR_PEOPLE = {name: form for name, form in FORMS.items() if name != "machine"}
STORM = Digest(kind=Kind.STORM, title=f"Storm {HOSTILE}", lines=("one", HOSTILE), severity=Severity.HIGH)
DIGESTS = {
    "e-mail": lambda told: email.plain_subject(told.title) + digest.text(told),
    "slack": lambda told: json.dumps(slack.digest_message(told)),
    "teams": lambda told: json.dumps(teams.digest_message(told)),
    "amazon q": lambda told: json.dumps(amazon_q.digest_message(told)),
}


def with_content():
    evidence = Evidence(
        object="day.json.gz",
        line=3,
        request_id="r",
        location="/x",
        spans=(Span("/x", 0, 4),),
        excerpt=SECRET,
        text_hash="5ec2e7",
    )
    closed = Change(at=NOON, actor="ana", status=Status.RESOLVED, reason=f"they wrote: {SECRET}")
    reasons = ("matched: 'asks for reviews' in the user's text",)
    often = {"occurrences": 40, "first_seen": NOON.replace(hour=9)}
    return alert(a_finding(evidence=evidence, history=(closed,), explanation=reasons, **often), reach=" --aws")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_no_channel_shows_content_or_what_could_give_it_away(form):
    text = form(with_content())

    assert SECRET not in text
    assert "5ec2e7" not in text


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE)
def test_every_channel_says_what_who_how_sure_and_how_to_see_it(form):
    told = with_content()

    text = form(told)

    for fact in ("disinformation", "helpdesk", "asks for reviews", f"findings show {told.finding.id} --aws"):
        assert fact in text
    assert "90%" in text or '"score": 0.9' in text


def test_the_email_has_everything_to_act_on():
    assert email.body(with_content()) == (
        "A new finding.\n"
        "\n"
        "What:      Asked for disinformation\n"
        "Clause:    disinformation\n"
        "Severity:  high (model: unknown)\n"
        "How sure:  90% by clause\n"
        "Who:       arn:aws:iam::123456789012:role/helpdesk (verified by IAM)\n"
        "Use case:  none\n"
        "How often: 40 times, 2026-11-23T09:00:00Z to 2026-11-23T12:00:00Z\n"
        "Account:   123456789012 in eu-central-1\n"
        "Where:     day.json.gz line 3\n"
        "Request:   r\n"
        "\n"
        "- matched: 'asks for reviews' in the user's text\n"
        "\n"
        "Why it matters: The AWS Responsible AI Policy forbids this use; the account's owner answers for it.\n"
        "What to do: Look at the evidence, stop the caller if it is right, then resolve or dismiss the finding.\n"
        "\n"
        "See the evidence:\n"
        "  bedrock-audit findings show v-3be14f14b7ba7b173937 --aws\n"
    )


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("cause", Cause)
def test_every_verdict_and_cause_has_its_words(verdict, cause):
    text = email.body(alert(a_finding(verdict=verdict), cause))

    assert "Why it matters: " in text
    assert "What to do: " in text


CHATS = {"slack": slack.alert_message, "teams": teams.alert_message, "amazon q": amazon_q.alert_message}


@pytest.mark.parametrize("form", CHATS.values(), ids=CHATS)
def test_a_chat_says_why_now_and_what_to_do(form):
    text = json.dumps(form(alert(a_finding(verdict=Verdict.LAPSED_APPROVAL), Cause.REOPENED)))

    assert "This finding was resolved and has come up again." in text
    assert "What to do: Have the approval renewed" in text


@pytest.mark.parametrize(
    ("occurrences", "said"),
    [(0, "in what was sent along, 2026"), (1, "once, 2026"), (2, "2 times, 2026"), (3000, "3,000 times, 2026")],
)
def test_how_often_is_said_in_words(occurrences, said):
    assert f"How often: {said}" in email.body(alert(a_finding(occurrences=occurrences)))


def test_what_is_about_no_one_caller_or_account_says_so():
    told = alert(a_finding(principal="", account="", region="", evidence=Evidence(object="", line=0, request_id="")))

    assert told.subject == "[high] violation: disinformation"
    assert "Who:       not one caller" in email.body(told)
    assert "Account:   not one account" in email.body(told)
    assert "Account: not one account" in json.dumps(slack.alert_message(told))
    assert set(machine.alert_attributes(told)) == {"cause", "severity", "clause", "verdict"}


@pytest.mark.parametrize("name", ["ü\n" * 90, HOSTILE, ENDLESS, "\r\nBcc: you@example.com"])
def test_a_subject_is_short_plain_ascii(name):
    told = alert(a_finding(principal=f"arn:aws:iam::1:role/{name}", domain=name))

    for subject in (email.subject(told), email.plain_subject(name)):
        assert len(subject) < 100
        assert subject.isascii()
        assert subject.isprintable()


def hostile():
    told = dict.fromkeys(
        ("principal", "use_case", "domain", "account", "region", "model_id", "end_user", "title"), HOSTILE
    )
    evidence = Evidence(object=HOSTILE, line=1, request_id=HOSTILE, location=HOSTILE)
    return alert(a_finding(**told, explanation=(HOSTILE,), evidence=evidence))


@pytest.mark.parametrize("form", FOR_PEOPLE.values(), ids=FOR_PEOPLE)
def test_no_line_break_control_or_direction_override_of_a_caller_gets_through(form):
    _holds_nothing_hostile(form(hostile()))


@pytest.mark.parametrize("form", DIGESTS.values(), ids=DIGESTS)
def test_nor_does_one_in_a_digest(form):
    _holds_nothing_hostile(form(STORM))


def _holds_nothing_hostile(text):
    shown = list(_texts(json.loads(text) if text.startswith("{") else text))
    assert not [one for one in shown for bad in "\x1b\u202e\u200b\u2028\r\ud800" if bad in one]
    assert not [line for one in shown for line in one.splitlines() if line.startswith(("Subject:", "Bcc:"))]
    assert "http" not in text.casefold()


@pytest.mark.parametrize("form", WHOLE.values(), ids=WHOLE)
def test_a_name_without_end_keeps_neither_command_nor_clause_from_being_read(form):
    text = form(alert(a_finding(principal=ENDLESS, use_case=ENDLESS, account=ENDLESS, explanation=(ENDLESS,) * 40)))

    assert "findings show v-" in text
    assert "disinformation" in text


def test_slack_shows_hostile_names_as_plain_text_only():
    for message in (
        slack.alert_message(alert(a_finding(principal=HOSTILE, explanation=(HOSTILE,)))),
        slack.digest_message(STORM),
    ):
        assert "<" not in message["text"]
        texts = [text for block in message["blocks"] for text in _slack_texts(block)]
        assert {text["type"] for text in texts} == {"plain_text"}


@pytest.mark.parametrize(
    "message",
    [
        slack.alert_message(alert(a_finding(principal=ENDLESS, use_case=ENDLESS, explanation=(ENDLESS,) * 40))),
        slack.digest_message(Digest(kind=Kind.STORM, title=ENDLESS, lines=(*(ENDLESS[:299],) * 40, "", "The end"))),
        slack.digest_message(Digest(kind=Kind.DAILY, title="Nothing", lines=("", ""))),
    ],
    ids=["alert", "digest", "nothing"],
)
def test_slack_takes_the_longest_of_everything(message):
    """docs.slack.dev/reference/block-kit/blocks: what is longer, or empty, makes it refuse the whole message."""
    longest = {"header": 150, "section": 2000, "context": 3000}
    assert len(message["blocks"]) <= 50
    for block in message["blocks"]:
        limit = 3000 if "text" in block and block["type"] == "section" else longest[block["type"]]
        assert all(0 < len(one["text"].encode("utf-16-le")) // 2 <= limit for one in _slack_texts(block))


def test_slack_shows_a_long_digest_to_its_last_line():
    lines = (*(f"{number} {'x' * 290}" for number in range(30)), "", "See them: here")

    message = slack.digest_message(Digest(kind=Kind.REPEATS, title="t", lines=lines))

    shown = "\n".join(text["text"] for block in message["blocks"][1:] for text in _slack_texts(block))
    assert [line for line in shown.split("\n") if line] == [line for line in lines if line]


@pytest.mark.parametrize(("severity", "mark"), [(Severity.CRITICAL, "🔴"), (Severity.LOW, "🔵")])
def test_slack_marks_how_bad_it_is_where_the_eye_falls_first(severity, mark):
    header = slack.alert_message(alert(a_finding(severity=severity)))["blocks"][0]

    assert header["text"]["text"].startswith(f"{mark} [{severity}] ")


def test_teams_shows_text_where_no_markdown_is_read():
    for card in (teams.alert_message(alert(a_finding(principal=HOSTILE))), teams.digest_message(STORM)):
        lines = card["attachments"][0]["content"]["body"]
        assert {line["type"] for line in lines} == {"RichTextBlock"}
        assert {run["type"] for line in lines for run in line["inlines"]} == {"TextRun"}


def test_amazon_q_can_be_made_to_mention_nobody_and_link_nowhere():
    for message in (
        amazon_q.alert_message(alert(a_finding(principal=f"@here {HOSTILE}"))),
        amazon_q.digest_message(STORM),
    ):
        text = json.dumps(message["content"])
        assert not [mark for mark in ("<", ">", "@", "](", "|") if mark in text]


def test_amazon_q_gets_its_own_schema_and_a_thread_for_each_finding():
    told = alert(a_finding())

    message = amazon_q.alert_message(told)

    assert (message["version"], message["source"], message["content"]["textType"]) == (
        "1.0",
        "custom",
        "client-markdown",
    )
    assert message["metadata"]["threadId"] == told.finding.id


@pytest.mark.parametrize("form", [slack.alert_message, teams.alert_message, amazon_q.alert_message])
def test_a_chat_takes_the_longest_of_everything(form):
    """Teams takes 28 KB (learn.microsoft.com/microsoftteams/limits-specifications-teams)."""
    longest = a_finding(principal=ENDLESS, use_case=ENDLESS, account=ENDLESS, explanation=(ENDLESS,) * 40)

    message = msgspec.json.encode(form(alert(longest)))

    assert len(message) < 28 * 1024


def test_the_longest_of_everything_fits_a_message_of_sns():
    """Every character takes six bytes as JSON, and SNS takes JSON within JSON."""
    wide = "\u4e00" * 1024
    longest = a_finding(
        principal=wide,
        use_case=wide,
        domain=wide,
        end_user=wide,
        title=wide,
        model_id=wide,
        explanation=(wide,) * 40,
        history=(Change(at=NOON, actor=wide, status=Status.RESOLVED, reason=wide),) * 100,
        evidence=Evidence(object=wide * 4, line=1, request_id=wide, excerpt=wide * 4),
    )
    told = alert(longest)

    whole = json.dumps({"default": machine.text(machine.alert_message(told)), "email": email.body(told)})

    assert len(whole) < 256 * 1024


def test_attributes_leave_out_what_is_missing():
    assert "use_case" not in machine.alert_attributes(alert(a_finding()))
    assert machine.alert_attributes(alert(a_finding(use_case="uc-1")))["use_case"] == "uc-1"


def test_a_storm_passes_filters_for_its_severity_and_other_digests_do_not():
    quiet = Digest(kind=Kind.REPEATS, title="t", lines=())

    assert machine.digest_attributes(STORM) == {"cause": "storm", "severity": "high"}
    assert machine.digest_attributes(quiet) == {"cause": "digest"}


def test_a_digest_is_plain_text():
    assert digest.text(Digest(kind=Kind.REPEATS, title="Title", lines=("one", "two"))) == "Title\n\none\ntwo\n"


def _slack_texts(block):
    return [block["text"]] if "text" in block else block.get("fields", block.get("elements"))


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
