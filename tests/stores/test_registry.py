"""Use cases with their versions, and suppressions, as stored."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bedrock_audit.errors import ConflictError
from bedrock_audit.lifecycle import Suppression
from tests.builders import NOON, a_use_case


def test_the_registry_holds_the_latest_version_of_every_use_case(stores):
    first, other = a_use_case("loan-desk"), a_use_case("hiring")
    second = msgspec.structs.replace(first, version=2, purpose="Draft and check credit memos")

    for use_case in (first, other, second):
        stores.use_cases.save(use_case, seen=stores.use_cases.registry())

    assert [known.id for known in stores.use_cases.registry().use_cases] == ["hiring", "loan-desk"]
    assert stores.use_cases.registry().use_cases[1] == second
    assert list(stores.use_cases.versions("loan-desk")) == [first, second]
    assert list(stores.use_cases.versions("unknown")) == []


@pytest.mark.parametrize("version", [1, 3, 7], ids=["the same", "one left out", "far ahead"])
def test_a_version_that_does_not_follow_is_refused(stores, version):
    stores.use_cases.save(a_use_case("loan-desk"), seen=stores.use_cases.registry())

    with pytest.raises(ConflictError, match="loan-desk was changed by somebody else"):
        stores.use_cases.save(a_use_case("loan-desk", version=version), seen=stores.use_cases.registry())

    assert len(stores.use_cases.versions("loan-desk")) == 1


def test_the_first_version_of_an_unknown_use_case_is_one(stores):
    with pytest.raises(ConflictError):
        stores.use_cases.save(a_use_case("loan-desk", version=2), seen=stores.use_cases.registry())

    assert stores.use_cases.registry().use_cases == ()


def test_of_several_use_cases_all_are_saved_or_none(stores):
    stores.use_cases.save(a_use_case("hiring"), a_use_case("loan-desk"), seen=stores.use_cases.registry())
    behind = [a_use_case("triage"), a_use_case("loan-desk"), a_use_case("hiring", version=2)]

    with pytest.raises(ConflictError, match="use case loan-desk was changed by somebody else"):
        stores.use_cases.save(*behind, seen=stores.use_cases.registry())

    assert [(known.id, known.version) for known in stores.use_cases.registry().use_cases] == [
        ("hiring", 1),
        ("loan-desk", 1),
    ]


@pytest.mark.parametrize(("count", "models"), [(120, ()), (15, ("🛑" * 500,) * 100)], ids=["too many", "too large"])
def test_more_use_cases_than_fit_a_transaction_are_saved(stores, count, models):
    many = [a_use_case(f"case-{number:03d}", models=models) for number in range(count)]

    stores.use_cases.save(*many, seen=stores.use_cases.registry())

    assert list(stores.use_cases.registry().use_cases) == many


def test_many_versions_stay_in_order(stores):
    for version in range(1, 13):
        stores.use_cases.save(a_use_case("loan-desk", version=version), seen=stores.use_cases.registry())

    assert [saved.version for saved in stores.use_cases.versions("loan-desk")] == list(range(1, 13))


def test_a_suppression_is_kept_when_it_has_ended(stores):
    suppression = Suppression(
        id="s-1",
        clause="disinformation",
        reason="red team",
        owner="ann",
        created_at=NOON,
        expires_at=NOON + timedelta(days=30),
        principal="arn:aws:iam::123456789012:role/red-team",
    )
    ended = msgspec.structs.replace(suppression, ended_at=NOON + timedelta(days=1), version=2)
    second = msgspec.structs.replace(suppression, id="s-2")

    for one in (second, suppression, ended):
        stores.suppressions.save(one)

    assert list(stores.suppressions.all()) == [ended, second]


def test_of_two_who_change_a_suppression_at_once_the_second_is_told(stores):
    one = Suppression(id="s-1", clause="c", reason="r", owner="ann", created_at=NOON, expires_at=NOON, use_case="x")
    stores.suppressions.save(one)
    ended = [msgspec.structs.replace(one, ended_at=NOON, ended_by=who, version=2) for who in ("ann", "bob")]
    stores.suppressions.save(ended[0])

    for late in (ended[1], one):
        with pytest.raises(ConflictError, match="s-1 was changed by somebody else"):
            stores.suppressions.save(late)

    assert list(stores.suppressions.all()) == [ended[0]]


def test_what_people_write_is_bounded_too(stores):
    one = Suppression(
        id="s-1", clause="c", reason="🛑" * 200_000, owner="ann", created_at=NOON, expires_at=NOON, use_case="x"
    )

    stores.suppressions.save(one)

    (kept,) = stores.suppressions.all()
    assert len(kept.reason.encode()) <= 1024
