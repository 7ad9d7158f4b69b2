"""Who is told, how often, and what happens in a storm or after a crash."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.dispatch import Dispatched, dispatch
from bedrock_audit.alerts.routing import Routes, Rule, Urgency
from bedrock_audit.finding import Change, Origin, Severity, Status
from tests.alerts.fakes import FakeAlertLog, FakeChannel, RefusedError
from tests.builders import NOON, a_finding


def send(finding, *, channels, log, routes=Routes(), cause=Cause.NEW, now=NOON):
    return dispatch(alert(finding, cause), routes, channels=channels, log=log, now=now)


def test_a_finding_pages_every_channel_once_however_often_it_is_delivered():
    mail, slack, log = FakeChannel("mail"), FakeChannel("slack"), FakeAlertLog()

    outcomes = [send(a_finding(), channels=[mail, slack], log=log) for _ in range(3)]

    assert outcomes == [Dispatched.PAGED, Dispatched.SAID_BEFORE, Dispatched.SAID_BEFORE]
    assert (len(mail.pages), len(slack.pages)) == (1, 1)


def test_a_refused_page_is_sent_again_and_only_where_it_was_refused():
    mail, slack, log = FakeChannel("mail"), FakeChannel("slack", refuses=1), FakeAlertLog()

    with pytest.raises(RefusedError):
        send(a_finding(), channels=[mail, slack], log=log)
    send(a_finding(), channels=[mail, slack], log=log)

    assert (len(mail.pages), len(slack.pages)) == (1, 1)


def test_reopened_and_raised_are_news_of_their_own():
    mail, log = FakeChannel(), FakeAlertLog()
    closed = Change(at=NOON, actor="ana", status=Status.RESOLVED, reason="done")

    send(a_finding(), channels=[mail], log=log)
    send(a_finding(history=(closed,)), channels=[mail], log=log, cause=Cause.REOPENED)
    send(a_finding(severity=Severity.CRITICAL), channels=[mail], log=log, cause=Cause.RAISED)

    assert [page.cause for page in mail.pages] == [Cause.NEW, Cause.REOPENED, Cause.RAISED]


def test_a_storm_is_capped_and_said_once_an_hour():
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(cap_per_hour=5)

    outcomes = [send(a_finding(id=f"v-{n}"), channels=[mail], log=log, routes=routes) for n in range(10_000)]

    assert outcomes.count(Dispatched.PAGED) == 5
    assert outcomes.count(Dispatched.STORM) == 9_995
    assert len(mail.pages) == 5
    (only,) = mail.digests
    assert only.title == "Alert storm: more than 5 alerts this hour"


def test_the_next_hour_pages_again():
    mail, log = FakeChannel(), FakeAlertLog()
    routes = Routes(cap_per_hour=1)

    for n in range(3):
        send(a_finding(id=f"v-{n}"), channels=[mail], log=log, routes=routes)
    later = send(a_finding(id="v-9"), channels=[mail], log=log, routes=routes, now=NOON + timedelta(hours=1))

    assert later is Dispatched.PAGED


@pytest.mark.parametrize(
    "quiet",
    [
        pytest.param({"origin": Origin.BACKFILL}, id="backfill"),
        pytest.param({"shadow": True}, id="shadow clause"),
        pytest.param({"suppressed_by": "s-1"}, id="suppressed"),
    ],
)
def test_quiet_findings_never_page_whatever_a_rule_says(quiet):
    mail = FakeChannel()
    routes = Routes(rules=(Rule(then=Urgency.PAGE),))

    outcome = send(a_finding(severity=Severity.CRITICAL, **quiet), channels=[mail], log=FakeAlertLog(), routes=routes)

    assert outcome is Dispatched.LEFT_TO_DIGEST
    assert mail.pages == []


def test_a_rule_may_name_its_channels():
    mail, slack = FakeChannel("mail"), FakeChannel("slack")
    routes = Routes(rules=(Rule(then=Urgency.PAGE, channels=("slack",)),))

    send(a_finding(), channels=[mail, slack], log=FakeAlertLog(), routes=routes)

    assert (len(mail.pages), len(slack.pages)) == (0, 1)
