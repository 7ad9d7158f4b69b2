"""The ledger: which objects were audited, and which uses were permitted, counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bedrock_audit.coverage import Coverage, LedgerRow, total
from bedrock_audit.ports import UsageCount, UsageQuery
from tests.builders import NOON
from tests.stores.sightings import minutes, used


def a_row(key="s3://logs/a.json.gz", **more):
    plain = {
        "etag": "e1",
        "engine_version": "0.0.0",
        "policy_version": "2023-09-28+test",
        "audited_at": minutes(60),
        "coverage": Coverage(objects=1, records=3, audited=2, unreadable=1, gaps={"not-json": 1}),
        "first": minutes(0),
        "last": minutes(5),
    }
    return LedgerRow(key=key, **{**plain, **more})


def test_an_object_has_one_row_the_latest(stores):
    stores.ledger.save(a_row(next_line=120))
    stores.ledger.save(a_row(etag="e2"))

    assert stores.ledger.row("s3://logs/a.json.gz") == a_row(etag="e2")
    assert list(stores.ledger.rows()) == [a_row(etag="e2")]
    assert stores.ledger.row("s3://logs/other.json.gz") is None


def test_where_a_partly_audited_object_goes_on_is_kept(stores):
    stores.ledger.save(a_row(next_line=120))

    assert stores.ledger.row("s3://logs/a.json.gz").next_line == 120


@pytest.mark.parametrize("length", [1000, 2500, 4000])
def test_names_as_long_as_paths_can_be(stores, length):
    names = [f"/{'x' * length}/{end}" for end in "ab"]

    for name in names:
        stores.ledger.save(a_row(name))

    assert [stores.ledger.row(name).key for name in names] == names
    assert len(list(stores.ledger.rows())) == 2


@pytest.mark.parametrize(
    ("since", "until", "names"),
    [
        pytest.param(None, None, ["archive", "early", "late", "empty"], id="always"),
        pytest.param(minutes(4), None, ["archive", "early", "late", "empty"], id="since within an object"),
        pytest.param(minutes(6), None, ["archive", "late", "empty"], id="since after an object"),
        pytest.param(None, minutes(10), ["archive", "early"], id="until, not included"),
        pytest.param(minutes(6), minutes(9), ["archive"], id="only an object that spans months"),
        pytest.param(NOON + timedelta(days=2), None, [], id="after everything"),
    ],
)
def test_coverage_of_a_period(stores, since, until, names):
    stores.ledger.save(a_row("late", first=minutes(10), last=minutes(15)))
    stores.ledger.save(a_row("early"))
    stores.ledger.save(a_row("empty", first=None, last=None))
    stores.ledger.save(a_row("archive", first=NOON - timedelta(days=90), last=minutes(100)))

    rows = list(stores.ledger.rows(since=since, until=until))

    assert [row.key for row in rows] == names
    assert total(rows).records == 3 * len(names)


def test_a_row_is_written_with_what_its_object_showed(place):
    with place.open() as stores, stores.findings.unit():
        stores.ledger.record_usage(used())
        stores.ledger.save(a_row())

        assert stores.ledger.row(a_row().key) == a_row()

    with place.open() as stores:
        assert stores.ledger.row(a_row().key) == a_row()
        assert stores.ledger.uses_on("triage", "2026-11-23") == 1


def test_a_use_is_recorded_once(place):
    with place.open() as stores, stores.findings.unit():
        within_one_object = [stores.ledger.record_usage(used("req-1")), stores.ledger.record_usage(used("req-1"))]
    with place.open() as stores:
        again = stores.ledger.record_usage(used("req-1"))
        another = stores.ledger.record_usage(used("req-2"))

        assert (within_one_object, again, another) == ([True, False], False, True)
        assert stores.ledger.uses_on("triage", "2026-11-23") == 2


def test_uses_are_counted_by_day_use_case_and_domain_with_their_end_users(stores):
    with stores.findings.unit():
        for number in range(100):
            stores.ledger.record_usage(used(f"a-{number}", end_user=f"user-{number % 7}"))
        stores.ledger.record_usage(used("b", domain="employment"))
        stores.ledger.record_usage(used("c", use_case="hiring", end_user="user-1"))
        stores.ledger.record_usage(used("d", at=NOON + timedelta(days=1), end_user="user-1"))
    stores.ledger.record_usage(used("late", end_user="user-3"))

    counts = stores.ledger.usage(UsageQuery())

    assert counts == [
        UsageCount(use_case="hiring", domain="medical-advice", day="2026-11-23", uses=1, end_users=1),
        UsageCount(use_case="triage", domain="employment", day="2026-11-23", uses=1, end_users=0),
        UsageCount(use_case="triage", domain="medical-advice", day="2026-11-23", uses=101, end_users=7),
        UsageCount(use_case="triage", domain="medical-advice", day="2026-11-24", uses=1, end_users=1),
    ]


@pytest.mark.parametrize(
    ("wanted", "uses"),
    [
        pytest.param({"use_case": "triage"}, [1, 1, 1], id="a use case"),
        pytest.param({"use_case": "triage", "since": "2026-11-24"}, [1, 1], id="since a day, included"),
        pytest.param({"use_case": "triage", "until": "2026-11-24"}, [1, 1], id="until a day, included"),
        pytest.param({"since": "2026-11-24", "until": "2026-11-24"}, [1], id="one day of all use cases"),
        pytest.param({"use_case": "tri"}, [], id="not part of a name"),
    ],
)
def test_usage_of_a_period(stores, wanted, uses):
    for day in range(3):
        stores.ledger.record_usage(used(f"req-{day}", at=NOON + timedelta(days=day)))

    assert [count.uses for count in stores.ledger.usage(UsageQuery(**wanted))] == uses


def test_uses_of_a_day_are_counted_while_an_object_is_audited(stores):
    stores.ledger.record_usage(used("before"))

    with stores.findings.unit():
        stores.ledger.record_usage(used("req-1"))
        counted = [stores.ledger.uses_on("triage", "2026-11-23")]
        stores.ledger.record_usage(used("req-2"))
        stores.ledger.record_usage(used("req-2"))
        counted.append(stores.ledger.uses_on("triage", "2026-11-23"))

    assert counted == [2, 3]
    assert stores.ledger.uses_on("triage", "2026-11-24") == 0


def test_uses_of_a_day_are_counted_whoever_recorded_them_meanwhile(place):
    """Of two that record uses at once, the one that asks last knows of both."""
    with place.open() as one, place.open() as other, one.findings.unit(), other.findings.unit():
        one.ledger.record_usage(used("req-1"))
        counted = [one.ledger.uses_on("triage", "2026-11-23")]
        other.ledger.record_usage(used("req-2", domain="employment"))
        counted.append(other.ledger.uses_on("triage", "2026-11-23"))
        one.ledger.record_usage(used("req-3"))
        counted.append(one.ledger.uses_on("triage", "2026-11-23"))

    assert counted == [1, 2, 3]


@pytest.mark.parametrize(
    ("days", "requests"),
    [
        pytest.param({}, ["r-3", "r-2", "r-1"], id="all, latest first"),
        pytest.param({"since": "2026-11-24"}, ["r-3", "r-2"], id="since a day, included"),
        pytest.param({"until": "2026-11-24"}, ["r-2", "r-1"], id="until a day, included to its end"),
        pytest.param({"since": "2026-11-26"}, [], id="none"),
    ],
)
def test_each_use_of_a_use_case(stores, days, requests):
    for number in (2, 3, 1):
        stores.ledger.record_usage(used(f"r-{number}", at=NOON + timedelta(days=number - 1)))
    stores.ledger.record_usage(used("other", use_case="tri"))

    assert [usage.request_id for usage in stores.ledger.uses("triage", **days)] == requests
