"""Which of several use cases counts, and which cannot stand side by side."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_audit.use_case import Approval, Domain, Permitted, Refusal, Registry, Safeguards, UseCaseStatus, Who
from bedrock_audit.use_case.scope import collide, is_more_specific
from tests.builders import ACCOUNT, NOON, ROLE_ARN, a_record, a_use_case

PROFILE = f"arn:aws:bedrock:eu-central-1:{ACCOUNT}:application-inference-profile/p1"

NARROW_AND_WIDE = [
    pytest.param({"principals": ("role/helpdesk",)}, {"principals": ("role/help*",)}, id="name before pattern"),
    pytest.param({"principals": ("role/help*",)}, {"principals": ("role/*",), "any": True}, id="pattern before any"),
    pytest.param({"principals": (ROLE_ARN,)}, {"principals": ("role/helpdesk",)}, id="ARN before a role anywhere"),
    pytest.param({"principals": (ROLE_ARN,)}, {"accounts": (ACCOUNT,)}, id="principal before account"),
    pytest.param({"principals": ("role/helpdesk",)}, {"metadata": {"app": "memo"}}, id="principal before metadata"),
    pytest.param({"inference_profiles": ("p1",)}, {"principals": (ROLE_ARN,)}, id="profile before principal"),
    pytest.param({"inference_profiles": (PROFILE,)}, {"inference_profiles": ("p1",)}, id="ARN before an id anywhere"),
    pytest.param({"metadata": {"app": "memo"}}, {"accounts": (ACCOUNT,)}, id="metadata before account"),
    pytest.param({"metadata": {"app": "memo", "team": "x"}}, {"metadata": {"app": "memo"}}, id="more metadata"),
    pytest.param({"accounts": (ACCOUNT,)}, {"any": True}, id="account before everybody"),
    pytest.param(
        {"principals": ("role/helpdesk",), "accounts": (ACCOUNT,)},
        {"principals": ("role/helpdesk",)},
        id="role in an account before a role anywhere",
    ),
]


@pytest.mark.parametrize(("narrow", "wide"), NARROW_AND_WIDE)
def test_the_more_specific_use_case_wins_and_the_two_can_stand_side_by_side(narrow, wide):
    one, other = a_use_case("z-narrow", who=Who(**narrow)), a_use_case("a-wide", who=Who(**wide))

    assert is_more_specific(one, other)
    assert not is_more_specific(other, one)
    assert not collide(one, other)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=str)
def test_the_winner_does_not_depend_on_the_order(order):
    known = [
        a_use_case("a-everybody", who=Who(any=True)),
        a_use_case("b-some", who=Who(principals=("role/help*",))),
        a_use_case("c-one", who=Who(principals=("role/helpdesk",))),
    ]

    permission = Registry(use_cases=tuple(known[index] for index in order)).judge(a_record(), "lending", at=NOON)

    assert permission.use_case.id == "c-one"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"models": ("anthropic.*",)}, {}, id="a model before any model"),
        pytest.param({"regions": ("eu-central-1",)}, {"regions": ("eu-*",)}, id="a Region before several"),
    ],
)
def test_what_is_used_can_make_a_use_case_more_specific(one, other):
    assert is_more_specific(a_use_case("z", **one), a_use_case("a", **other))


def test_an_approved_broader_use_case_stands_in_for_one_that_lapsed():
    lapsed = a_use_case("narrow", expires_at=date(2026, 11, 1))
    broad = a_use_case("broad", who=Who(accounts=(ACCOUNT,)))

    permission = Registry(use_cases=(lapsed, broad)).judge(a_record(), "lending", at=NOON)

    assert isinstance(permission, Permitted)
    assert permission.use_case.id == "broad"


def test_a_suspended_use_case_is_not_got_round_by_a_broader_one():
    stopped = a_use_case("narrow", status=UseCaseStatus.SUSPENDED, suspended_at=NOON - timedelta(days=1))
    broad = a_use_case("broad", who=Who(accounts=(ACCOUNT,)))

    permission = Registry(use_cases=(stopped, broad)).judge(a_record(), "lending", at=NOON)

    assert permission.refusal is Refusal.UNAPPROVED
    assert permission.use_case.id == "narrow"


def test_a_withdrawn_approval_stops_nothing_that_a_broader_one_allows():
    ended = Approval("board@example.com", date(2026, 3, 1), date(2027, 2, 28), ended_at=NOON - timedelta(days=1))
    changed = a_use_case(
        "narrow", status=UseCaseStatus.DRAFT, approver="", approved_at=None, earlier_approvals=(ended,)
    )
    broad = a_use_case("broad", who=Who(accounts=(ACCOUNT,)))

    assert isinstance(Registry(use_cases=(changed, broad)).judge(a_record(), "lending", at=NOON), Permitted)


def test_suspending_the_broader_use_case_leaves_the_narrow_one_alone():
    narrow = a_use_case("narrow")
    stopped = a_use_case(
        "broad",
        who=Who(accounts=(ACCOUNT,)),
        status=UseCaseStatus.SUSPENDED,
        suspended_at=NOON - timedelta(days=1),
    )

    assert isinstance(Registry(use_cases=(narrow, stopped)).judge(a_record(), "lending", at=NOON), Permitted)


def test_a_broader_use_case_does_not_get_round_the_safeguards_of_the_narrow_one():
    careful = a_use_case("narrow", safeguards=Safeguards(guardrail_required=True))
    broad = a_use_case("broad", who=Who(accounts=(ACCOUNT,)))

    permission = Registry(use_cases=(careful, broad)).judge(a_record(), "lending", at=NOON)

    assert permission.refusal is Refusal.UNSAFEGUARDED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({}, {}, id="the same callers"),
        pytest.param(
            {"who": Who(principals=("role/help*",))}, {"who": Who(principals=("role/*desk",))}, id="crossing patterns"
        ),
        pytest.param({"models": ("a*",)}, {"models": ("*b",)}, id="crossing models"),
        pytest.param(
            {"who": Who(metadata={"app": "memo"})}, {"who": Who(metadata={"team": "x"})}, id="other metadata keys"
        ),
        pytest.param(
            {"domains": (Domain.LENDING, Domain.HOUSING)}, {"domains": (Domain.LENDING,)}, id="one domain in common"
        ),
        pytest.param({"status": UseCaseStatus.DRAFT, "approver": "", "approved_at": None}, {}, id="a draft too"),
    ],
)
def test_use_cases_collide_when_neither_is_more_specific(one, other):
    assert collide(a_use_case("a", **one), a_use_case("b", **other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"domains": (Domain.HOUSING,)}, {}, id="other domains"),
        pytest.param({"who": Who(principals=("role/credit",))}, {}, id="other callers"),
        pytest.param({"who": Who(principals=("role/helpdesk",), accounts=("999999999999",))},
                     {"who": Who(principals=("role/helpdesk",), accounts=(ACCOUNT,))}, id="other accounts"),
        pytest.param({"models": ("amazon.*",)}, {"models": ("anthropic.*",)}, id="other models"),
        pytest.param({"regions": ("us-*",)}, {"regions": ("eu-*",)}, id="other Regions"),
        pytest.param({"who": Who(metadata={"app": "a"})}, {"who": Who(metadata={"app": "b"})}, id="other metadata"),
        pytest.param({"status": UseCaseStatus.SUSPENDED}, {}, id="one is suspended"),
        pytest.param(
            {"approved_at": date(2025, 3, 1), "expires_at": date(2026, 2, 28)}, {}, id="one after the other"
        ),
    ],
)  # fmt: skip
def test_use_cases_that_share_no_call_do_not_collide(one, other):
    assert not collide(a_use_case("a", **one), a_use_case("b", **other))


PRINCIPALS = st.sampled_from(
    ["role/a", "role/b", "role/a*", "role/*b", "role/?", f"arn:aws:iam::{ACCOUNT}:role/a", "*"]
)
SCOPES = st.builds(
    lambda principals, accounts, models, domain: {
        "who": Who(principals=tuple(principals), accounts=tuple(accounts), any=True),
        "models": tuple(models),
        "domains": (domain,),
    },
    st.lists(PRINCIPALS, max_size=2),
    st.lists(st.sampled_from([ACCOUNT, "999999999999"]), max_size=1),
    st.lists(st.sampled_from(["m*", "m1", "n*"]), max_size=1),
    st.sampled_from([Domain.LENDING, Domain.HOUSING]),
)


@given(one=SCOPES, other=SCOPES)
def test_being_more_specific_never_goes_both_ways(one, other):
    a, b = a_use_case("a", **one), a_use_case("b", **other)

    assert not (is_more_specific(a, b) and is_more_specific(b, a))
    assert collide(a, b) is collide(b, a)


@given(scopes=st.lists(SCOPES, min_size=3, max_size=3), caller=st.sampled_from(["a", "b", "ab"]))
def test_use_cases_that_do_not_collide_have_one_winner_in_any_order(scopes, caller):
    known = [a_use_case(f"case-{index}", **scope) for index, scope in enumerate(scopes)]
    if any(collide(one, other) for one, other in permutations(known, 2)):
        return
    record = a_record(principal=f"arn:aws:iam::{ACCOUNT}:role/{caller}")

    winners = {
        permission.use_case.id
        for order in permutations(known)
        if isinstance(permission := Registry(use_cases=order).judge(record, "lending", at=NOON), Permitted)
    }

    assert len(winners) <= 1
