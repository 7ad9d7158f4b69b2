"""What the registry says to a consequential call, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bedrock_audit.finding import Attribution, Verdict
from bedrock_audit.record import Model
from bedrock_audit.use_case import (
    Approval,
    Domain,
    Permitted,
    Refusal,
    Refused,
    Registry,
    Safeguards,
    UseCaseStatus,
    Who,
)
from tests.builders import ACCOUNT, NOON, ROLE_ARN, a_record, a_use_case

PROFILE = f"arn:aws:bedrock:eu-central-1:{ACCOUNT}:application-inference-profile/a1b2c3"
THROUGH_PROFILE = Model(id=PROFILE, kind="application-inference-profile")


def judged(*use_cases, domain="lending", at=NOON, **record):
    return Registry(use_cases=use_cases).judge(a_record(**record), domain, at=at)


def permits(use_case, **record):
    return isinstance(judged(use_case, **record), Permitted)


def test_an_approved_complete_unexpired_use_case_permits():
    permission = judged(a_use_case())

    assert isinstance(permission, Permitted)
    assert permission.use_case.id == "loan-desk"
    assert permission.attribution is Attribution.VERIFIED


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("role/helpdesk", id="bare role name"),
        pytest.param("role/help*", id="pattern over role names"),
        pytest.param(ROLE_ARN, id="whole ARN"),
        pytest.param(f"arn:aws:iam::{ACCOUNT}:role/team/tools/helpdesk", id="ARN with the path the log leaves out"),
        pytest.param(f"arn:aws:sts::{ACCOUNT}:assumed-role/helpdesk/*", id="assumed-role ARN"),
        pytest.param("arn:aws:iam::*:role/helpdesk", id="the role in any account"),
    ],
)
def test_a_principal_can_be_named_in_several_ways(pattern):
    assert permits(a_use_case(who=Who(principals=(pattern,))))


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("role/helpdes", id="a prefix is no match"),
        pytest.param("helpdesk", id="a name without its kind"),
        pytest.param("user/helpdesk", id="a user is no role"),
        pytest.param("arn:aws:iam::999999999999:role/helpdesk", id="same role in another account"),
        pytest.param("role/Helpdesk", id="other letter case"),
    ],
)
def test_a_principal_is_not_matched_loosely(pattern):
    assert not permits(a_use_case(who=Who(principals=(pattern,))))


def test_a_user_is_matched_with_its_path():
    ann = f"arn:aws:iam::{ACCOUNT}:user/staff/ann"

    assert permits(a_use_case(who=Who(principals=("user/staff/ann",))), principal=ann)
    assert not permits(a_use_case(who=Who(principals=("user/ann",))), principal=ann)


@pytest.mark.parametrize(
    ("who", "record"),
    [
        pytest.param(Who(accounts=(ACCOUNT,)), {}, id="account"),
        pytest.param(Who(inference_profiles=("a1b2c3",)), {"model": THROUGH_PROFILE}, id="profile by id"),
        pytest.param(Who(inference_profiles=(PROFILE,)), {"model": THROUGH_PROFILE}, id="profile by ARN"),
        pytest.param(Who(metadata={"app": "memo"}), {"request_metadata": {"app": "memo", "x": "y"}}, id="metadata"),
        pytest.param(Who(any=True), {}, id="everybody, said explicitly"),
    ],
)
def test_a_caller_can_be_named_by_other_things_than_its_principal(who, record):
    assert permits(a_use_case(who=who), **record)


@pytest.mark.parametrize(
    ("who", "record"),
    [
        pytest.param(Who(), {}, id="nobody named is nobody"),
        pytest.param(Who(accounts=("999999999999",)), {}, id="another account"),
        pytest.param(Who(inference_profiles=("zzz",)), {"model": THROUGH_PROFILE}, id="another profile"),
        pytest.param(
            Who(inference_profiles=("eu.anthropic*",)),
            {"model": Model(id="eu.anthropic.x", kind="inference-profile")},
            id="a system profile says nothing of the caller",
        ),
        pytest.param(Who(metadata={"app": "memo"}), {"request_metadata": {"app": "Memo"}}, id="another value"),
        pytest.param(
            Who(principals=("role/helpdesk",), metadata={"app": "memo"}), {}, id="every kind of condition must hold"
        ),
    ],
)
def test_what_is_not_named_is_not_permitted(who, record):
    assert not permits(a_use_case(who=who), **record)


def test_a_model_is_covered_by_its_id_or_by_the_model_behind_it():
    wanted = a_use_case(models=("anthropic.claude-*",))

    assert permits(wanted, model=Model(id="anthropic.claude-x"))
    assert permits(wanted, model=Model(id="eu.anthropic.claude-x", base="anthropic.claude-x", kind="inference-profile"))
    assert not permits(wanted, model=Model(id="amazon.nova-lite"))


def test_both_the_region_called_and_the_one_that_answered_must_be_covered():
    wanted = a_use_case(regions=("eu-*",))

    assert permits(wanted, region="eu-central-1", inference_region="eu-west-3")
    assert not permits(wanted, region="eu-central-1", inference_region="us-east-1")
    assert not permits(wanted, region="us-east-1")


@pytest.mark.parametrize(
    ("use_case", "refusal", "verdict"),
    [
        pytest.param(a_use_case(who=Who(principals=("role/x",))), Refusal.UNDECLARED, Verdict.UNAPPROVED_USE, id="not"),
        pytest.param(
            a_use_case(domains=(Domain.JUDICIAL,)), Refusal.OUTSIDE, Verdict.UNAPPROVED_USE, id="other domain"
        ),
        pytest.param(a_use_case(models=("x",)), Refusal.OUTSIDE, Verdict.UNAPPROVED_USE, id="other model"),
        pytest.param(a_use_case(status=UseCaseStatus.DRAFT), Refusal.UNAPPROVED, Verdict.UNAPPROVED_USE, id="draft"),
        pytest.param(a_use_case(testing=None), Refusal.UNAPPROVED, Verdict.UNAPPROVED_USE, id="incomplete"),
        pytest.param(a_use_case(expires_at=date(2026, 11, 22)), Refusal.LAPSED, Verdict.LAPSED_APPROVAL, id="expired"),
        pytest.param(
            a_use_case(safeguards=Safeguards(guardrail_required=True)),
            Refusal.UNSAFEGUARDED,
            Verdict.SAFEGUARD_MISSING,
            id="no Guardrail",
        ),
    ],
)
def test_each_kind_of_refusal_has_its_verdict(use_case, refusal, verdict):
    permission = judged(use_case)

    assert permission.refusal is refusal
    assert permission.verdict is verdict


@pytest.mark.parametrize(
    ("at", "permitted"),
    [
        pytest.param(datetime(2026, 2, 28, 23, 59, tzinfo=UTC), False, id="the evening before"),
        pytest.param(datetime(2026, 3, 1, 0, 0, tzinfo=UTC), True, id="the first moment"),
        pytest.param(datetime(2027, 2, 28, 23, 59, tzinfo=UTC), True, id="the last day, included"),
        pytest.param(datetime(2027, 3, 1, 0, 0, tzinfo=UTC), False, id="the day after"),
    ],
)
def test_an_approval_holds_on_whole_days(at, permitted):
    assert isinstance(judged(a_use_case(), at=at), Permitted) is permitted


def test_a_call_of_last_year_is_judged_by_last_years_approval():
    renewed = a_use_case(
        approved_at=date(2027, 3, 1),
        expires_at=date(2028, 2, 28),
        earlier_approvals=(Approval("board@example.com", date(2026, 3, 1), date(2027, 2, 28)),),
    )

    assert isinstance(judged(renewed, at=NOON), Permitted)
    assert isinstance(judged(renewed, at=NOON + timedelta(days=365)), Permitted)


def test_an_earlier_approval_counts_only_until_it_was_ended():
    ended = Approval("board@example.com", date(2026, 3, 1), date(2027, 2, 28), ended_at=NOON)
    redrafted = a_use_case(status=UseCaseStatus.DRAFT, approver="", approved_at=None, earlier_approvals=(ended,))

    assert isinstance(judged(redrafted, at=NOON - timedelta(seconds=1)), Permitted)
    assert judged(redrafted, at=NOON).refusal is Refusal.UNAPPROVED
    assert "withdrawn on 2026-11-23" in judged(redrafted, at=NOON).reasons[0]


def test_what_was_suspended_for_a_while_stays_so_for_the_calls_of_that_while():
    stop = Approval("board@example.com", date(2026, 3, 1), date(2027, 2, 28), ended_at=NOON, was_suspended=True)
    again = a_use_case(approved_at=date(2026, 12, 1), earlier_approvals=(stop,))

    assert "it was suspended on 2026-11-23" in judged(again, at=NOON).reasons[0]
    assert isinstance(judged(again, at=NOON + timedelta(days=20)), Permitted)


def test_a_draft_that_was_suspended_was_a_draft_before():
    stopped = a_use_case(status=UseCaseStatus.SUSPENDED, approver="", approved_at=None, suspended_at=NOON)

    assert "it is a draft" in judged(stopped, at=NOON - timedelta(days=1)).reasons[0]
    assert "it is suspended" in judged(stopped, at=NOON).reasons[0]


def test_a_suspension_leaves_what_came_before_it_alone():
    stopped = a_use_case(status=UseCaseStatus.SUSPENDED, suspended_at=NOON)

    assert isinstance(judged(stopped, at=NOON - timedelta(seconds=1)), Permitted)
    assert judged(stopped, at=NOON).refusal is Refusal.UNAPPROVED


def test_a_use_case_suspended_in_its_file_permits_at_no_time():
    assert isinstance(judged(a_use_case(status=UseCaseStatus.SUSPENDED)), Refused)
