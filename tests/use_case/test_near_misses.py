"""Near misses: what kept a use case from matching is said, and the caller's own words are not."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from bedrock_audit.finding import Attribution
from bedrock_audit.record import Model, Principal, PrincipalKind
from bedrock_audit.use_case import Domain, Refusal, Refused, Registry, Safeguards, UseCaseStatus, Who
from tests.builders import ACCOUNT, NOON, a_record, a_use_case

PROFILE = f"arn:aws:bedrock:eu-central-1:{ACCOUNT}:application-inference-profile/a1b2c3"
THROUGH_PROFILE = Model(id=PROFILE, kind="application-inference-profile")


def judged(*use_cases, **record):
    return Registry(use_cases=use_cases).judge(a_record(**record), "lending", at=NOON)


NEAR_MISSES = [
    pytest.param(
        a_use_case(who=Who(principals=("role/credit",))),
        {},
        "the caller is role/helpdesk, it names role/credit",
        id="wrong role",
    ),
    pytest.param(
        a_use_case(who=Who(principals=("arn:aws:iam::999999999999:role/helpdesk",))),
        {},
        "that caller is named in another account",
        id="right role, wrong account",
    ),
    pytest.param(
        a_use_case(who=Who(accounts=("999999999999",))),
        {},
        f"the account is {ACCOUNT}, it names 999999999999",
        id="wrong account",
    ),
    pytest.param(
        a_use_case(who=Who(inference_profiles=("zzz",))),
        {},
        "the call used no application inference profile, it names zzz",
        id="no profile",
    ),
    pytest.param(
        a_use_case(who=Who(inference_profiles=("zzz",))),
        {"model": THROUGH_PROFILE},
        "the call used another application inference profile than zzz",
        id="wrong profile",
    ),
    pytest.param(
        a_use_case(who=Who(metadata={"app": "memo"})),
        {"request_metadata": {"app": "SECRET-VALUE"}},
        "requestMetadata does not say app=memo",
        id="metadata, not quoting the caller",
    ),
    pytest.param(
        a_use_case(models=("amazon.nova-*",)),
        {},
        "model anthropic.claude-sonnet-4-5-v1:0 is not covered, only amazon.nova-*",
        id="model not covered",
    ),
    pytest.param(
        a_use_case(regions=("us-*",)), {}, "Region eu-central-1 is not covered, only us-*", id="Region not covered"
    ),
    pytest.param(
        a_use_case(regions=("eu-*",)),
        {"inference_region": "us-east-1"},
        "Region eu-central-1, run in us-east-1, is not covered, only eu-*",
        id="run in a Region not covered",
    ),
    pytest.param(
        a_use_case(domains=(Domain.EDUCATION, Domain.HOUSING)),
        {},
        "it covers education or housing, not lending",
        id="domain not covered",
    ),
    pytest.param(
        a_use_case(expires_at=date(2026, 11, 11)),
        {},
        "its approval expired on 2026-11-11, 12 days before this call",
        id="expired 12 days ago",
    ),
    pytest.param(
        a_use_case(approved_at=date(2026, 11, 24)),
        {},
        "it was approved only on 2026-11-24, 1 day after this call",
        id="approved a day later",
    ),
    pytest.param(a_use_case(human_oversight=None), {}, "it has no human oversight", id="oversight section missing"),
    pytest.param(
        a_use_case(risk_evaluation=None, testing=None),
        {},
        "it has no risk evaluation, and it has no testing",
        id="two sections missing",
    ),
    pytest.param(a_use_case(status=UseCaseStatus.DRAFT), {}, "it is a draft that nobody has approved", id="draft"),
    pytest.param(
        a_use_case(status=UseCaseStatus.SUSPENDED, suspended_at=NOON - timedelta(days=3)),
        {},
        "it was suspended on 2026-11-20",
        id="suspended",
    ),
    pytest.param(
        a_use_case(owner="board@example.com", approver="Board@example.com "),
        {},
        "its owner approved it, which nobody can do for their own",
        id="approved by its owner",
    ),
    pytest.param(
        a_use_case(expires_at=None),
        {},
        "its approval does not say by whom, from when and until when",
        id="approval without an end",
    ),
    pytest.param(
        a_use_case(who=Who(metadata={"app": "memo"}), safeguards=Safeguards(attribution=Attribution.VERIFIED)),
        {"request_metadata": {"app": "memo"}},
        "only requestMetadata, the caller's own word, says that this call belongs here",
        id="caller-declared only",
    ),
]


@pytest.mark.parametrize(("use_case", "record", "reason"), NEAR_MISSES)
def test_a_near_miss_says_what_kept_it_from_matching(use_case, record, reason):
    permission = judged(use_case, **record)

    assert isinstance(permission, Refused)
    assert permission.use_case == use_case
    assert f"loan-desk: {reason}" in permission.reasons[0]
    assert "SECRET-VALUE" not in " ".join(permission.reasons)


def test_an_empty_registry_says_so():
    permission = judged()

    assert permission.refusal is Refusal.UNDECLARED
    assert permission.use_case is None
    assert permission.reasons == ("No use case covers lending.",)


def test_expiry_tells_more_than_a_successor_in_draft():
    lapsed = a_use_case(expires_at=date(2026, 11, 11))
    successor = a_use_case("loan-desk-2", status=UseCaseStatus.DRAFT)

    permission = judged(successor, lapsed)

    assert permission.refusal is Refusal.LAPSED
    assert permission.use_case == lapsed
    assert len(permission.reasons) == 2


def test_the_nearest_use_case_is_the_same_in_any_order():
    others = [a_use_case(name, who=Who(principals=(f"role/{name}",))) for name in ("b", "a", "c")]

    assert judged(*others).use_case == judged(*reversed(others)).use_case == others[1]


def test_of_several_near_misses_only_a_few_are_told():
    others = [a_use_case(f"case-{n}", who=Who(principals=(f"role/{n}",))) for n in range(30)]

    assert len(judged(*others).reasons) == 3


def test_hostile_names_are_harmless_and_short():
    model = Model(id="\x1b[2J" + "x" * 5000)

    reason = judged(a_use_case(models=("amazon.*",)), model=model).reasons[0]

    assert "\x1b" not in reason
    assert len(reason) < 300


def test_a_caller_without_an_arn_is_nobody_in_particular():
    nobody = Principal(arn="", kind=PrincipalKind.UNKNOWN)
    record = msgspec.structs.replace(a_record(), principal=nobody)

    permission = Registry(use_cases=(a_use_case(),)).judge(record, "lending", at=NOON)

    assert "the caller is unknown" in permission.reasons[0]
