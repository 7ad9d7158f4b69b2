"""What digests count and say, and that nothing is said twice or lost between two of them."""

from __future__ import annotations

import tracemalloc
from datetime import date, timedelta

import pytest

from bedrock_audit.alerts import digest
from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.daily import daily, day_due
from bedrock_audit.alerts.digest import Digest, Kind
from bedrock_audit.alerts.rounds import send_once, send_repeats
from bedrock_audit.alerts.waiting import waiting
from bedrock_audit.coverage import Coverage, LedgerRow
from bedrock_audit.finding import Observation, Origin, Severity
from tests.alerts.fakes import FakeAlertLog, FakeChannel, RefusedError
from tests.builders import NOON, a_finding, a_use_case, an_occurrence
from tests.fakes import FakeStores, FakeUseCases

HOUR = timedelta(hours=1)
DAY = date(2026, 11, 23)
SUMMARY = Digest(kind=Kind.DAILY, title="Bedrock audit, 2026-11-23", lines=("one",))


def one(finding_id="v-1", *, cause=Cause.NEW, added=1, storm=False, channels=("mail",), **more):
    told = alert(a_finding(id=finding_id, **{"occurrences": added, **more}), cause, added=added)
    return waiting(told, channels, is_storm=storm)


def summed(*held):
    return digest.repeats(held, since=NOON, until=NOON + HOUR)


def test_a_digest_counts_by_kind_and_caller_worst_first():
    many = [one(f"v-{n}", added=3, storm=n > 0) for n in range(10_000)]
    worse = one("v-x", severity=Severity.CRITICAL, clause="minor-harm")
    again = one("v-y", cause=Cause.REPEATED, added=40, occurrences=90, severity=Severity.LOW)

    made = summed(*many, worse, again)

    assert made.title == "Bedrock audit digest, 2026-11-23 12:00 to 13:00 UTC: 10,001 new, 1 again, worst critical"
    assert made.lines == (
        "[critical] violation: minor-harm by role/helpdesk (123456789012): 1 new, 1 occurrence",
        "[high] violation: disinformation by role/helpdesk (123456789012): 10,000 new, 30,000 occurrences",
        "[low] violation: disinformation by role/helpdesk (123456789012): 1 again, 40 occurrences",
        "",
        "Held back because the hour had too many alerts: 9,999.",
        "See them: bedrock-audit findings list --status open",
    )


def test_groups_beyond_a_screen_are_counted_together():
    made = summed(*(one(f"v-{n}", principal=f"arn:aws:iam::1:role/r{n:03}") for n in range(100)))

    assert len([line for line in made.lines if line.startswith("[")]) == digest.MOST_GROUPS
    assert "and 85 more groups: 85 new, 85 occurrences" in made.lines


def test_the_busiest_groups_of_a_severity_come_first():
    made = summed(one("v-1", principal="arn:aws:iam::1:role/a"), one("v-2", added=7, principal="arn:aws:iam::1:role/b"))

    assert [line.partition(" by ")[2].partition(" ")[0] for line in made.lines[:2]] == ["role/b", "role/a"]


def test_a_finding_that_waited_in_several_hours_is_one_finding():
    made = summed(one(added=2, occurrences=2), one(cause=Cause.REPEATED, added=5, occurrences=7))

    assert made.lines[0].endswith(": 1 new, 7 occurrences")


def test_a_digest_of_nothing_is_none():
    assert summed() is None


@pytest.mark.parametrize("quiet", [{"suppressed_by": "s-1"}, {"shadow": True}], ids=["suppressed", "on trial"])
def test_agreed_silence_writes_no_digest_by_itself_but_is_counted_in_one(quiet):
    silent = one("v-quiet", **quiet)

    assert summed(silent) is None
    assert summed(one("v-worse", severity=Severity.CRITICAL, **quiet), one()).title.endswith(", worst high")
    assert [line.endswith(": 1 new, 1 occurrence") for line in summed(silent, one()).lines[:2]] == [True, True]


def test_a_backfill_is_summed_up_and_named():
    made = summed(*(one(f"v-{n}", origin=Origin.BACKFILL) for n in range(3)))

    assert made.lines[0].endswith("by role/helpdesk (123456789012), backfill: 3 new, 3 occurrences")


def test_a_hundred_thousand_waiting_findings_take_little_memory():
    held = (one(f"v-{n}", principal=f"arn:aws:iam::1:role/r{n % 500}") for n in range(100_000))

    tracemalloc.start()
    made = digest.repeats(held, since=NOON, until=NOON + HOUR)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "and 485 more groups: 97,000 new, 97,000 occurrences" in made.lines
    assert peak < 20 * 1024 * 1024


def test_a_round_run_twice_says_nothing_twice():
    mail, log = FakeChannel(), FakeAlertLog()
    log.hold(one(), at=NOON)

    for _ in range(2):
        send_repeats([mail], log=log, until=NOON + HOUR)

    assert len(mail.digests) == 1


def test_nothing_is_said_of_an_hour_that_is_not_over():
    mail, log = FakeChannel(), FakeAlertLog()
    log.hold(one(), at=NOON)

    send_repeats([mail], log=log, until=NOON)

    assert mail.digests == []


def test_what_a_missed_round_did_not_say_the_next_one_does():
    mail, log = FakeChannel(), FakeAlertLog()
    send_repeats([mail], log=log, until=NOON)
    log.hold(one("v-1"), at=NOON + timedelta(minutes=5))
    log.hold(one("v-2"), at=NOON + 2 * HOUR)

    send_repeats([mail], log=log, until=NOON + 3 * HOUR)

    assert [told.title for told in mail.digests] == [
        "Bedrock audit digest, 2026-11-23 12:00 to 15:00 UTC: 2 new, 0 again, worst high"
    ]


def test_a_channel_that_refuses_is_told_next_time_and_the_others_now():
    broken, well, log = FakeChannel("broken", refuses=1), FakeChannel("well"), FakeAlertLog()
    log.hold(one(channels=("broken", "well")), at=NOON)

    with pytest.raises(RefusedError):
        send_repeats([broken, well], log=log, until=NOON + HOUR)
    assert (len(broken.digests), len(well.digests)) == (0, 1)
    send_repeats([broken, well], log=log, until=NOON + 2 * HOUR)

    assert (len(broken.digests), len(well.digests)) == (1, 1)


def test_no_digest_is_sent_that_could_not_be_remembered():
    mail, log = FakeChannel(), FakeAlertLog()
    log.hold(one(), at=NOON)
    log.is_broken = True

    for _ in range(3):
        with pytest.raises(RefusedError, match="the log"):
            send_repeats([mail], log=log, until=NOON + HOUR)
        with pytest.raises(RefusedError, match="the log"):
            send_once([mail], "daily", lambda: SUMMARY, log=log, now=NOON)

    assert mail.digests == []


def test_each_channel_hears_only_of_what_waits_for_it():
    mail, slack, log = FakeChannel("mail"), FakeChannel("slack"), FakeAlertLog()
    log.hold(one(channels=("slack",)), at=NOON)

    send_repeats([mail, slack], log=log, until=NOON + HOUR)

    assert (len(mail.digests), len(slack.digests)) == (0, 1)


def test_a_daily_summary_is_sent_once_to_each_channel():
    mail, slack, log = FakeChannel("mail", refuses=1), FakeChannel("slack"), FakeAlertLog()

    with pytest.raises(RefusedError):
        send_once([mail, slack], "daily#2026-11-23", lambda: SUMMARY, log=log, now=NOON)
    for _ in range(2):
        send_once([mail, slack], "daily#2026-11-23", lambda: SUMMARY, log=log, now=NOON)
    send_once([mail, slack], "daily#2026-11-24", lambda: SUMMARY, log=log, now=NOON)

    assert (len(mail.digests), len(slack.digests)) == (2, 2)


@pytest.mark.parametrize(
    ("hour", "at", "day"),
    [
        pytest.param(6, NOON.replace(hour=6, minute=15), date(2026, 11, 22), id="just due"),
        pytest.param(6, NOON.replace(hour=5, minute=15), date(2026, 11, 21), id="not due yet"),
        pytest.param(6, NOON.replace(hour=23, minute=15), date(2026, 11, 22), id="still due"),
        pytest.param(0, NOON.replace(hour=0, minute=15), date(2026, 11, 22), id="midnight"),
        pytest.param(23, NOON.replace(hour=23, minute=15), date(2026, 11, 22), id="late"),
        pytest.param(23, NOON.replace(hour=22, minute=15), date(2026, 11, 21), id="late and not due yet"),
    ],
)
def test_a_summary_stays_due_until_the_next_one_is(hour, at, day):
    assert day_due(at, hour=hour) == day


def a_day(*findings, coverage=None, use_cases=(), **more):
    stores = FakeStores(use_cases=FakeUseCases(*use_cases))
    for finding in findings:
        seen = an_occurrence(finding, at=finding.first_seen)
        stores.findings.record(Observation(finding, seen))
    if coverage:
        row = LedgerRow(
            key="day.json.gz", etag="1", engine_version="0", policy_version="0", audited_at=NOON, coverage=coverage
        )
        stores.ledger.save(row)
    return digest.text(
        daily(stores, day=DAY, remarks=["Does not get alerts: email ana@example.com (UNCONFIRMED)"], **more)
    )


def test_the_daily_summary_says_what_was_seen_and_what_is_open():
    text = a_day(
        a_finding(id="v-1"),
        a_finding(id="v-2", first_seen=NOON - timedelta(days=9)),
        a_finding(id="v-3", severity=Severity.CRITICAL),
        a_finding(id="v-4", suppressed_by="s-1"),
        a_finding(id="v-5", shadow=True),
        coverage=Coverage(records=10, audited=8, unreadable=1, unscanned=1, gaps={"truncated": 1}),
    )

    assert text.splitlines() == [
        "Bedrock audit, 2026-11-23",
        "",
        "Invocations: 8 of 10 audited",
        "Not audited: 1 unreadable, 1 unscanned",
        "Reasons: 1 truncated",
        "Open findings: 1 critical, 2 high",
        "First seen that day: 2",
        "Beside them: 1 on trial, 1 suppressed",
        "Does not get alerts: email ana@example.com (UNCONFIRMED)",
        "See more: bedrock-audit coverage --since 2026-11-23",
    ]


@pytest.mark.parametrize(("found", "is_said"), [(2, False), (3, True), (4, True)])
def test_where_counting_ends_is_said(found, is_said):
    text = a_day(*(a_finding(id=f"v-{number}") for number in range(found)), most=3)

    assert ("no more than 3 of a status are counted" in text) is is_said


def test_a_day_without_invocations_is_not_called_a_good_one():
    text = a_day()

    assert "No invocation was audited: this says nothing about whether there were any" in text
    assert "Open findings: none" in text


def test_the_daily_summary_names_approvals_that_end_soon():
    soon = a_use_case("loan-desk", approved_at=DAY - timedelta(days=300), expires_at=DAY + timedelta(days=12))
    far = a_use_case("far", approved_at=DAY - timedelta(days=300), expires_at=DAY + timedelta(days=90))

    text = a_day(use_cases=(soon, far))

    assert "Approval or review due: loan-desk on 2026-12-05" in text
    assert "far" not in text.replace("loan-desk", "")
