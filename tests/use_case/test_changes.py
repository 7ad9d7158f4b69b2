"""What approving, suspending and declaring anew make of a registered use case."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.use_case import Approval, Registry, UseCaseStatus, Who
from bedrock_audit.use_case.changes import Signature, approved, changed_keys, declared_anew, registered, suspended
from tests.builders import NOON, a_use_case

SIGNED = Signature(by="board@example.com", at=NOON, reason="risk board 14")
DRAFT = {"status": UseCaseStatus.DRAFT, "approver": "", "approved_at": None, "expires_at": None}


def stopped(**more):
    return a_use_case(status=UseCaseStatus.SUSPENDED, suspended_at=NOON - timedelta(days=10), **more)


def test_every_change_says_who_when_and_why():
    for changed in (
        registered(a_use_case(**DRAFT), SIGNED),
        approved(a_use_case(**DRAFT), SIGNED, expires_at=date(2027, 11, 23)),
        suspended(a_use_case(), SIGNED),
        declared_anew(a_use_case(), a_use_case(purpose="Something else"), SIGNED),
    ):
        assert (changed.changed_by, changed.changed_at, changed.change_reason) == (
            "board@example.com",
            NOON,
            SIGNED.reason,
        )


def test_the_first_version_is_one_and_every_change_counts_on():
    first = registered(a_use_case(**DRAFT), SIGNED)
    second = approved(first, SIGNED, expires_at=date(2027, 11, 23))

    assert [first.version, second.version, suspended(second, SIGNED).version] == [1, 2, 3]


def test_approving_holds_from_today_to_the_day_given():
    fresh = approved(a_use_case(**DRAFT), SIGNED, expires_at=date(2027, 11, 23))

    assert fresh.status is UseCaseStatus.APPROVED
    assert fresh.approval == Approval("board@example.com", NOON.date(), date(2027, 11, 23))


def test_approving_takes_the_end_the_use_case_says():
    planned = a_use_case(**{**DRAFT, "expires_at": date(2027, 6, 1)})

    assert approved(planned, SIGNED).expires_at == date(2027, 6, 1)


@pytest.mark.parametrize(
    ("stored", "by", "expires_at", "message"),
    [
        pytest.param(a_use_case(), "Lending@example.com", date(2027, 1, 1), "nobody approves their own", id="owner"),
        pytest.param(a_use_case(testing=None), "board", date(2027, 1, 1), "it has no testing", id="incomplete"),
        pytest.param(a_use_case(**DRAFT), "board", None, "until when", id="without an end"),
        pytest.param(a_use_case(expires_at=date(2026, 5, 1)), "board", None, "until when", id="its end is over"),
        pytest.param(a_use_case(), "board", date(2026, 11, 22), "over already", id="ended yesterday"),
    ],
)
def test_what_cannot_be_approved_is_refused(stored, by, expires_at, message):
    with pytest.raises(BedrockAuditError, match=message):
        approved(stored, Signature(by=by, at=NOON, reason="x"), expires_at=expires_at)


def test_approving_what_collides_with_another_is_refused():
    with pytest.raises(BedrockAuditError, match="could belong to successor"):
        approved(stopped(), SIGNED, registry=Registry(use_cases=(stopped(), a_use_case("successor"))))


def test_renewing_keeps_the_approval_before():
    renewed = approved(a_use_case(), SIGNED, expires_at=date(2027, 11, 23))

    assert renewed.earlier_approvals == (
        Approval("board@example.com", date(2026, 3, 1), date(2027, 2, 28), ended_at=NOON),
    )


def test_approving_ends_a_suspension_and_remembers_when_it_began():
    again = approved(stopped(), SIGNED)

    assert again.status is UseCaseStatus.APPROVED
    assert again.suspended_at is None
    assert again.earlier_approvals[0].ended_at == NOON - timedelta(days=10)
    assert again.earlier_approvals[0].was_suspended


def test_the_approvals_remembered_are_bounded():
    use_case = a_use_case()
    for day in range(50):
        signed = Signature(by="board", at=NOON + timedelta(days=day), reason="again")
        use_case = approved(use_case, signed, expires_at=date(2028, 1, 1))

    assert len(use_case.earlier_approvals) == 20


def test_suspending_what_is_suspended_changes_nothing():
    assert suspended(stopped(), SIGNED) == stopped()


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(a_use_case(), id="approved"),
        pytest.param(a_use_case(**DRAFT), id="draft"),
        pytest.param(stopped(), id="suspended"),
    ],
)
def test_declaring_the_same_again_changes_nothing(stored):
    assert declared_anew(stored, stored, SIGNED) is stored


def test_an_approval_outlives_a_file_that_says_nothing_of_it():
    assert declared_anew(a_use_case(), a_use_case(**DRAFT), SIGNED) == a_use_case()


def test_an_approval_does_not_outlive_what_it_was_given_to():
    changed = declared_anew(a_use_case(), a_use_case(models=("x.*",), **DRAFT), SIGNED)

    assert changed.status is UseCaseStatus.DRAFT
    assert changed.approver == ""
    assert changed.earlier_approvals[0].ended_at == NOON


def test_a_change_that_brings_its_approval_is_approved():
    changed = declared_anew(a_use_case(), a_use_case(models=("x.*",)), SIGNED)

    assert changed.status is UseCaseStatus.APPROVED
    assert changed.models == ("x.*",)


def test_of_two_approvals_the_later_one_counts():
    renewed = approved(a_use_case(), SIGNED, expires_at=date(2027, 11, 23))
    later = a_use_case(approved_at=date(2026, 12, 1), expires_at=date(2027, 12, 1))

    assert declared_anew(renewed, a_use_case(), SIGNED) is renewed
    assert declared_anew(renewed, later, SIGNED).approved_at == date(2026, 12, 1)


def test_a_shorter_approval_is_not_outlived_by_the_longer_one_before():
    shorter = declared_anew(a_use_case(), a_use_case(approved_at=NOON.date(), expires_at=NOON.date()), SIGNED)

    assert not any(approval.covers(NOON + timedelta(days=2)) for approval in shorter.earlier_approvals)


@pytest.mark.parametrize(
    ("approved_at", "status"),
    [
        pytest.param(date(2026, 3, 1), UseCaseStatus.SUSPENDED, id="approved before it was suspended"),
        pytest.param(date(2026, 11, 13), UseCaseStatus.SUSPENDED, id="approved on that day"),
        pytest.param(date(2026, 11, 14), UseCaseStatus.APPROVED, id="approved after"),
    ],
)
def test_a_suspension_ends_only_by_a_later_approval(approved_at, status):
    assert declared_anew(stopped(), a_use_case(approved_at=approved_at), SIGNED).status is status


def test_a_file_can_suspend():
    changed = declared_anew(a_use_case(), a_use_case(status=UseCaseStatus.SUSPENDED), SIGNED)

    assert (changed.status, changed.suspended_at) == (UseCaseStatus.SUSPENDED, NOON)


def test_a_draft_follows_its_file():
    planned = a_use_case(**{**DRAFT, "expires_at": date(2027, 6, 1)})

    assert declared_anew(a_use_case(**DRAFT), planned, SIGNED).expires_at == date(2027, 6, 1)


def test_the_keys_that_changed_are_named():
    after = declared_anew(a_use_case(), a_use_case(who=Who(any=True), models=("x.*",)), SIGNED)

    assert changed_keys(a_use_case(), after) == ("who", "models")


def test_what_the_store_adds_is_not_a_change_of_the_file():
    stored = msgspec.structs.replace(a_use_case(), version=7, changed_by="x", changed_at=NOON)

    assert declared_anew(stored, a_use_case(), SIGNED) is stored
