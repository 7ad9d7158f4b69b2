"""The alert log on moto's DynamoDB: noted once, counted once, held once, whoever comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedrock_audit.alerts.alert import Cause, alert
from bedrock_audit.alerts.dispatch import dispatch
from bedrock_audit.alerts.routing import Routes
from bedrock_audit.alerts.waiting import waiting
from bedrock_audit.aws.alert_log import AlertLogTable
from bedrock_audit.aws.digest_log import DigestLogTable
from tests.alerts.fakes import FakeChannel
from tests.builders import NOON, a_finding
from tests.stores.places import made_tables

HOUR = timedelta(hours=1)


@pytest.fixture
def ledger(aws):
    client = aws.client("dynamodb")
    return {"client": client, "table": made_tables(client).ledger, "sleep": lambda _seconds: None}


@pytest.fixture
def log(ledger):
    return AlertLogTable(**ledger)


@pytest.fixture
def digests(ledger):
    return DigestLogTable(**ledger)


def held(*, cause=Cause.NEW, channels=("mail",), storm=False, added=1, occurrences=1, **more):
    told = alert(a_finding(occurrences=occurrences, **more), cause, added=added)
    return waiting(told, channels, is_storm=storm)


def test_what_was_said_is_remembered_and_counted_once(log):
    for _ in range(3):
        log.note("v-1#new#mail", counters=("hour", "group"), at=NOON)
    log.note("v-2#new#mail", counters=("hour",), at=NOON)

    assert log.counts(["v-1#new#mail", "v-3#new#mail", "hour", "group"]) == {
        "v-1#new#mail": 1,
        "hour": 2,
        "group": 1,
    }


def test_what_was_only_intended_was_not_said(log):
    for _ in range(2):
        log.intend("v-1#new#mail", counters=("hour", "group"), at=NOON)

    assert log.counts(["v-1#new#mail", "hour", "group"]) == {}


def test_an_alert_costs_a_look_and_a_write_before_and_after_it(log, ledger):
    asked = []
    ledger["client"].meta.events.register("before-call.dynamodb.*", lambda model, **_: asked.append(model.name))

    class Channel(FakeChannel):
        def page(self, alert, /):
            asked.append("page")

    dispatch(alert(a_finding()), Routes(), channels=[Channel("mail")], log=log, now=NOON)

    assert asked == ["BatchGetItem", "TransactWriteItems", "page", "TransactWriteItems"]


@pytest.mark.parametrize("refused", ["Put", "Update"])
def test_whatever_would_keep_a_message_from_being_noted_keeps_it_from_being_sent(log, ledger, refused):
    """A role that may put and not update, or the other way round: every retry of the stream would send it again."""

    def refuse(params, **_):
        if any(refused in write for write in params["TransactItems"]):
            raise PermissionError(refused)

    ledger["client"].meta.events.register("provide-client-params.dynamodb.TransactWriteItems", refuse)
    mail = FakeChannel()

    with pytest.raises(PermissionError):
        dispatch(alert(a_finding()), Routes(), channels=[mail], log=log, now=NOON)

    assert mail.pages == []


def test_what_a_stream_cannot_bring_again_is_forgotten(log, ledger):
    log.note("v-1#new#mail", counters=("hour",), at=NOON)
    log.hold(held(), at=NOON)

    items = ledger["client"].scan(TableName=ledger["table"])["Items"]
    assert {int(item["expires"]["N"]) for item in items} == {int((NOON + timedelta(days=7)).timestamp())}
    assert len(items) == 3


def test_what_waits_is_found_in_its_hour(log, digests):
    first, second = held(), held(id="v-2", principal="\u4e00", storm=True)
    log.hold(first, at=NOON + timedelta(minutes=59))
    log.hold(second, at=NOON + HOUR)

    assert list(digests.waiting(NOON, NOON + HOUR)) == [first]
    assert list(digests.waiting(NOON, NOON + 2 * HOUR)) == [first, second]
    assert list(digests.waiting(NOON - HOUR, NOON)) == []


def test_a_finding_waits_once_with_all_that_was_said_of_it(log, digests):
    log.hold(held(storm=True, channels=("slack",), occurrences=1, added=1), at=NOON)
    log.hold(held(cause=Cause.REPEATED, occurrences=5, added=4), at=NOON)

    (one,) = digests.waiting(NOON, NOON + HOUR)

    assert (one.before, one.after, one.is_news, one.is_storm, one.channels) == (0, 5, True, True, ("mail", "slack"))


def test_holding_again_what_was_held_changes_nothing(log, digests):
    for _ in range(2):
        log.hold(held(occurrences=5, added=4), at=NOON)

    (one,) = digests.waiting(NOON, NOON + HOUR)

    assert (one.before, one.after) == (1, 5)


def test_more_than_a_page_of_findings_waits(log, digests):
    for number in range(40):
        log.hold(held(id=f"v-{number}"), at=NOON)

    assert len(list(digests.waiting(NOON, NOON + HOUR))) == 40


def test_how_far_a_channel_has_heard_is_kept_for_each(digests):
    digests.note_told("mail", until=NOON)
    digests.note_told("mail", until=NOON + HOUR)

    assert digests.told_until("mail") == NOON + HOUR
    assert digests.told_until("slack") is None


@pytest.mark.parametrize("channels", [1, 4], ids=["one channel", "four channels"])
def test_a_finding_that_is_held_back_costs_two_requests_whatever_the_channels(log, ledger, channels):
    everybody = [FakeChannel(f"c{number}") for number in range(channels)]
    dispatch(alert(a_finding(id="v-first")), Routes(), channels=everybody, log=log, now=NOON)
    asked = []
    ledger["client"].meta.events.register("before-call.dynamodb.*", lambda model, **_: asked.append(model.name))

    dispatch(alert(a_finding(id="v-2")), Routes(), channels=everybody, log=log, now=NOON)

    assert asked == ["BatchGetItem", "UpdateItem"]
