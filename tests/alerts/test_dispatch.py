"""Who is told, how often, and what happens in a storm or after a crash."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.dispatch import Dispatched, dispatch
from bedrock_audit.alerts.routing import Routes, Rule, Urgency
from bedrock_audit.finding import Origin, Severity
from tests.alerts.fakes import FakeAlertLog, FakeChannel, RefusedError
from tests.builders import NOON, a_finding

HOUR = timedelta(hours=1)


def send(finding, *, channels, log, routes=Routes(), cause=Cause.NEW, now=NOON):
    return dispatch(alert(finding, cause), routes, channels=channels, log=log, now=now)


def by(role, **more):
    """A finding of its own about a caller of its own: no group with any other."""
    return a_finding(id=f"v-{role}", principal=f"arn:aws:iam::123456789012:role/{role}", **more)


def test_a_finding_pages_every_channel_once_however_often_it_is_delivered():
    mail, slack, log = FakeChannel("mail"), FakeChannel("slack"), FakeAlertLog()

    outcomes = [send(a_finding(), channels=[mail, slack], log=log) for _ in range(3)]

    assert outcomes == [Dispatched.PAGED, Dispatched.SAID_BEFORE, Dispatched.SAID_BEFORE]
    assert (len(mail.pages), len(slack.pages)) == (1, 1)
    assert log.held == {}


@pytest.mark.parametrize("broken", ["first", "second"])
def test_a_refused_page_is_sent_again_and_only_where_it_was_refused(broken):
    channels, log = [FakeChannel(name, refuses=name == broken) for name in ("first", "second")], FakeAlertLog()

    with pytest.raises(RefusedError, match=broken):
        send(a_finding(), channels=channels, log=log)
    assert sum(len(channel.pages) for channel in channels) == 1
    send(a_finding(), channels=channels, log=log)

    assert [len(channel.pages) for channel in channels] == [1, 1]


def test_a_crash_between_taking_and_noting_repeats_rather_than_loses():
    class ForgetfulLog(FakeAlertLog):
        def note(self, key, /, *, counters, at):
            raise RefusedError("crash")

    mail, log = FakeChannel(), ForgetfulLog()

    with pytest.raises(RefusedError):
        send(a_finding(), channels=[mail], log=log)
    send(a_finding(), channels=[mail], log=FakeAlertLog())

    assert len(mail.pages) == 2


@pytest.mark.parametrize("cap", [1, 20], ids=["a storm", "an alert"])
def test_nobody_is_told_what_could_not_be_remembered(cap):
    """Every retry of the stream would tell it again, for hours."""
    mail, log, routes = FakeChannel(), FakeAlertLog(), Routes(cap_per_hour=cap)
    send(by("first"), channels=[mail], log=log, routes=routes)
    log.is_broken = True

    for _ in range(3):
        with pytest.raises(RefusedError):
            send(by("second"), channels=[mail], log=log, routes=routes)

    assert (len(mail.pages), len(mail.digests)) == (1, 0)


def test_reopened_and_raised_are_news_of_their_own():
    mail, log = FakeChannel(), FakeAlertLog()

    send(a_finding(), channels=[mail], log=log)
    send(a_finding(version=2), channels=[mail], log=log, cause=Cause.REOPENED)
    send(a_finding(severity=Severity.CRITICAL), channels=[mail], log=log, cause=Cause.RAISED)
    send(a_finding(version=2), channels=[mail], log=log, cause=Cause.REOPENED)

    assert [page.cause for page in mail.pages] == [Cause.NEW, Cause.REOPENED, Cause.RAISED]


def test_a_finding_that_is_reopened_again_is_news_again_in_a_later_period():
    mail, log = FakeChannel(), FakeAlertLog()

    for number in range(3):
        reopened = a_finding(version=2 * number)
        send(reopened, channels=[mail], log=log, cause=Cause.REOPENED, now=NOON + number * HOUR)

    assert len(mail.pages) == 3


def test_the_first_of_a_group_alerts_and_the_rest_waits():
    mail, log = FakeChannel(), FakeAlertLog()

    outcomes = [send(a_finding(id=f"v-{n}"), channels=[mail], log=log) for n in range(4)]

    assert outcomes == [Dispatched.PAGED, *[Dispatched.LEFT_TO_DIGEST] * 3]
    assert [waiting.finding for waiting in log.held.values()] == ["v-1", "v-2", "v-3"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"severity": Severity.CRITICAL}, id="a more severe one"),
        pytest.param({"clause": "minor-harm"}, id="another clause"),
        pytest.param({"domain": "lending"}, id="another domain"),
        pytest.param({"principal": "arn:aws:iam::123456789012:role/other"}, id="another caller"),
        pytest.param({"account": "210987654321"}, id="another account"),
    ],
)
def test_what_differs_in_what_matters_is_another_group(other):
    mail, log = FakeChannel(), FakeAlertLog()

    send(a_finding(), channels=[mail], log=log)
    send(a_finding(id="v-2", **other), channels=[mail], log=log)

    assert len(mail.pages) == 2


def test_a_group_alerts_again_after_its_digest():
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(digest_hours=2)

    outcomes = [
        send(a_finding(id=f"v-{n}"), channels=[mail], log=log, routes=routes, now=NOON + n * HOUR) for n in range(3)
    ]

    assert outcomes == [Dispatched.PAGED, Dispatched.LEFT_TO_DIGEST, Dispatched.PAGED]


def test_repeats_are_left_to_the_digest_with_what_they_add():
    mail, log = FakeChannel(), FakeAlertLog()
    repeated = alert(a_finding(occurrences=9), Cause.REPEATED, added=4)

    outcome = dispatch(repeated, Routes(), channels=[mail], log=log, now=NOON)

    (waiting,) = log.held.values()
    assert (outcome, mail.pages) == (Dispatched.LEFT_TO_DIGEST, [])
    assert (waiting.before, waiting.after, waiting.is_news, waiting.channels) == (5, 9, False, ("mail",))


def test_beyond_the_cap_it_storms_and_that_is_said_once():
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(cap_per_hour=5)

    outcomes = [send(by(f"r{n}"), channels=[mail], log=log, routes=routes) for n in range(100)]

    assert (outcomes.count(Dispatched.PAGED), outcomes.count(Dispatched.STORM)) == (5, 95)
    assert (len(mail.pages), len(mail.digests)) == (5, 1)
    assert mail.digests[0].title == "Alert storm: more than 5 alerts of severity high or worse in this hour"
    assert mail.digests[0].lines[0].startswith("Told one by one in this hour: 5 high.")
    assert {waiting.is_storm for waiting in log.held.values()} == {True}
    assert len(log.held) == 95


def test_milder_alerts_never_hold_back_a_worse_one():
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(cap_per_hour=2)
    for n in range(50):
        send(by(f"m{n}", severity=Severity.MEDIUM), channels=[mail], log=log, routes=routes)

    outcome = send(by("worse", severity=Severity.CRITICAL), channels=[mail], log=log, routes=routes)
    milder = send(by("milder", severity=Severity.MEDIUM), channels=[mail], log=log, routes=routes)

    assert (outcome, milder) == (Dispatched.PAGED, Dispatched.STORM)


def test_a_busy_channel_does_not_use_up_the_cap_of_another():
    mail, slack, log = FakeChannel("mail"), FakeChannel("slack"), FakeAlertLog()
    routes = Routes(cap_per_hour=3, rules=(Rule(then=Urgency.PAGE, principal="*:role/m*", channels=("mail",)),))
    for n in range(9):
        send(by(f"m{n}"), channels=[mail, slack], log=log, routes=routes)

    outcome = send(by("both"), channels=[mail, slack], log=log, routes=routes)

    assert outcome is Dispatched.PAGED
    assert (len(mail.pages), len(slack.pages)) == (3, 1)
    assert log.held[NOON, "v-both"].channels == ("mail",)


def test_the_next_hour_pages_again():
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(cap_per_hour=1)

    for n in range(3):
        send(by(f"r{n}"), channels=[mail], log=log, routes=routes)
    later = send(by("r9"), channels=[mail], log=log, routes=routes, now=NOON + HOUR)

    assert later is Dispatched.PAGED


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param({"origin": Origin.BACKFILL}, id="backfill"),
        pytest.param({"shadow": True}, id="a clause on trial"),
        pytest.param({"suppressed_by": "s-1"}, id="suppressed"),
    ],
)
def test_quiet_findings_never_page_whatever_a_rule_says(quiet):
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(rules=(Rule(then=Urgency.PAGE),))

    outcome = send(a_finding(severity=Severity.CRITICAL, **quiet), channels=[mail], log=log, routes=routes)

    assert outcome is Dispatched.LEFT_TO_DIGEST
    assert mail.pages == []
    assert len(log.held) == 1


def test_what_was_backfilled_and_then_happens_is_news():
    mail, log = FakeChannel(), FakeAlertLog()

    send(a_finding(origin=Origin.BACKFILL), channels=[mail], log=log)
    send(a_finding(), channels=[mail], log=log)

    assert len(mail.pages) == 1


def test_a_rule_may_name_its_channels():
    mail, slack = FakeChannel("mail"), FakeChannel("slack")
    routes = Routes(rules=(Rule(then=Urgency.PAGE, channels=("slack",)),))

    send(a_finding(), channels=[mail, slack], log=FakeAlertLog(), routes=routes)

    assert (len(mail.pages), len(slack.pages)) == (0, 1)


@pytest.mark.parametrize(
    "rule",
    [Rule(then=Urgency.NOTHING), Rule(then=Urgency.DIGEST, channels=("gone",))],
    ids=["nothing", "a channel that is gone"],
)
def test_what_goes_nowhere_is_not_even_in_a_digest(rule):
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(rules=(rule,))

    outcome = send(a_finding(), channels=[mail], log=log, routes=routes)

    assert outcome is Dispatched.NOT_WANTED
    assert (mail.pages, log.held) == ([], {})
