"""Use cases as files: what they may say, and the absurd ones, each refused with its line."""

from __future__ import annotations

import json
import textwrap
from datetime import date
from pathlib import Path

import msgspec
import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.finding import Attribution
from bedrock_audit.use_case import (
    Domain,
    HumanOversight,
    HumanReview,
    RiskEvaluation,
    Safeguards,
    UseCase,
    UseCaseStatus,
    Who,
    terms,
)
from bedrock_audit.use_case.files import UseCasesRefusedError, load
from tests.builders import NOON

TODAY = NOON.date()
COMPLETE = Path(__file__).with_name("complete.yaml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path):
    def written(text, name="cases.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def only(path):
    (use_case,) = load(path, today=TODAY).use_cases
    return use_case


def changed(before, after):
    """The complete file with one thing changed; exactly one, or the test is about something else."""
    assert COMPLETE.count(before) == 1, before
    return COMPLETE.replace(before, after)


def test_everything_a_file_says_arrives(write):
    use_case = only(write(COMPLETE))

    assert use_case.domains == (Domain.LENDING,)
    assert use_case.who == Who(
        principals=("role/credit-memo",),
        accounts=("012345678901",),
        inference_profiles=("a1b2c3",),
        metadata={"app": "memo"},
    )
    assert (use_case.models, use_case.regions) == (("anthropic.claude-*",), ("eu-*",))
    assert use_case.risk_evaluation == RiskEvaluation("RISK-7", date(2026, 2, 1), "risk office")
    assert use_case.human_oversight == HumanOversight("A loan officer decides", HumanReview(True, 24))
    assert use_case.testing == terms.Testing("TEST-3", date(2026, 2, 14))
    assert use_case.safeguards == Safeguards(True, 200, Attribution.VERIFIED, ("four eyes above 100000",))
    assert (use_case.approver, use_case.approved_at) == ("board@example.com", date(2026, 3, 1))
    assert (use_case.expires_at, use_case.review_interval) == (date(2027, 2, 28), 180)
    assert use_case.missing == ()


def test_a_use_case_survives_being_stored(write):
    use_case = only(write(COMPLETE.replace("guardrail_required: true", "guardrail_required: gr1")))

    assert msgspec.json.decode(msgspec.json.encode(use_case), type=UseCase) == use_case


def test_the_largest_use_case_fits_an_item_of_a_table(write):
    many = [f"role/{'x' * 500}{n:03}" for n in range(100)]
    largest = COMPLETE.replace("[role/credit-memo]", str(many)).replace('["anthropic.claude-*"]', str(many))
    largest = largest.replace("[eu-*]", str(many)).replace("[a1b2c3]", str(many))

    assert len(msgspec.json.encode(only(write(largest)))) < 300_000
    with pytest.raises(ConfigurationError, match="length <= 100"):
        load(write(COMPLETE.replace("[role/credit-memo]", str([*many, "role/one-more"]))), today=TODAY)


def test_a_given_approval_makes_it_approved_and_none_a_draft(write):
    draft = changed("    approver: board@example.com\n    approved_at: 2026-03-01\n", "")

    assert only(write(COMPLETE)).status is UseCaseStatus.APPROVED
    assert only(write(draft)).status is UseCaseStatus.DRAFT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("human_review: {required: true, within_hours: 24}", "human_review: required within 24h", id="24h"),
        pytest.param("review_interval: 180", "review_interval: 180 days", id="days"),
        pytest.param("review_interval: 180", "review_interval: 180d", id="d"),
    ],
)
def test_a_short_form_means_the_same_as_the_long_one(write, before, after):
    assert only(write(changed(before, after))) == only(write(COMPLETE))


def test_oversight_can_be_a_sentence_alone(write):
    oversight = COMPLETE[COMPLETE.index("human_oversight") : COMPLETE.index("    testing")]

    use_case = only(write(changed(oversight, "human_oversight: A loan officer decides\n")))

    assert use_case.human_oversight == HumanOversight("A loan officer decides")
    assert use_case.review is None


def test_a_guardrail_can_be_named(write):
    named = only(write(changed("guardrail_required: true", "guardrail_required: gr1")))
    none = only(write(changed("guardrail_required: true", "guardrail_required: false")))

    assert named.safeguards.guardrail_required == "gr1"
    assert none.safeguards.guardrail_required is False


def test_a_file_may_hold_one_use_case_a_list_or_several_documents(write):
    one = textwrap.dedent(COMPLETE.removeprefix("use_cases:\n").replace("  - id:", "    id:"))
    other = one.replace("loan-desk", "other").replace("[lending]", "[housing]")

    assert only(write(one)).id == "loan-desk"
    assert only(write(textwrap.dedent(COMPLETE.removeprefix("use_cases:\n")))).id == "loan-desk"
    assert [found.id for found in load(write(f"{one}---\n{other}"), today=TODAY).use_cases] == ["loan-desk", "other"]


def test_json_is_yaml(write):
    data = {"id": "a", "purpose": "p", "owner": "o", "domains": ["lending"], "who": {"any": True}}

    assert only(write(json.dumps(data), "case.json")).who.any


def test_a_folder_is_read_whole(write, tmp_path):
    write(COMPLETE, "lending/desk.yaml")
    write(COMPLETE.replace("loan-desk", "rent").replace("[lending]", "[housing]"), "housing/rent.yml")
    write("not read", "README.md")

    assert [found.id for found in load(tmp_path, today=TODAY).use_cases] == ["loan-desk", "rent"]


def test_who_must_be_somebody(write):
    nobody = changed(COMPLETE[COMPLETE.index("      principals") : COMPLETE.index("    models")], "      any: false\n")

    with pytest.raises(ConfigurationError, match=r"cases\.yaml:7: who: names nobody"):
        load(write(nobody), today=TODAY)


def test_everybody_is_allowed_when_said_so(write):
    everybody = changed("[role/credit-memo]", "['*']\n      any: true")

    assert only(write(everybody)).who.any


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-24"], ids=["today", "tomorrow, for somewhere it is"])
def test_a_date_within_clock_skew_is_taken(write, day):
    assert only(write(changed("approved_at: 2026-03-01", f"approved_at: {day}"))).approved_at.isoformat() == day


def test_an_approval_that_is_over_is_no_mistake(write):
    assert only(write(changed("expires_at: 2027-02-28", "expires_at: 2026-04-01"))).expires_at == date(2026, 4, 1)


def test_an_incomplete_use_case_can_be_read(write):
    use_case = only(write(changed("    testing: {reference: TEST-3, date: 2026-02-14}\n", "")))

    assert use_case.missing == ("testing",)


def test_an_id_given_twice_names_both_places(write, tmp_path):
    write(COMPLETE, "a.yaml")
    write(COMPLETE, "b.yaml")

    with pytest.raises(ConfigurationError, match=r"b\.yaml:2: id: 'loan-desk' is taken by .*a\.yaml:2"):
        load(tmp_path, today=TODAY)


def test_overlapping_use_cases_name_both_places(write, tmp_path):
    write(COMPLETE, "a.yaml")
    write(COMPLETE.replace("loan-desk", "memo-desk"), "b.yaml")

    with pytest.raises(ConfigurationError, match=r"b\.yaml:7: who: .* loan-desk \(.*a\.yaml:2\)"):
        load(tmp_path, today=TODAY)


def test_one_that_is_more_specific_may_overlap(write, tmp_path):
    write(COMPLETE, "a.yaml")
    write(COMPLETE.replace("loan-desk", "memo-desk").replace("role/credit-memo", "role/credit-*"), "b.yaml")

    assert len(load(tmp_path, today=TODAY).use_cases) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "there is no use case in here", id="empty"),
        pytest.param("use_cases: loan-desk", ":1: expected a list of use cases", id="no list"),
        pytest.param("- loan-desk", ":1: expected a use case", id="a word for a use case"),
        pytest.param("loan-desk", ":1: expected a use case", id="a word for a file"),
        pytest.param("- - id: x", ":1: expected a use case", id="a list in a list"),
        pytest.param("use_cases: [", ":1: this is no YAML", id="no YAML"),
    ],
)
def test_a_file_of_something_else_is_refused(write, text, message):
    with pytest.raises(ConfigurationError) as refused:
        load(write(text), today=TODAY)

    assert message in str(refused.value)


def test_every_key_that_is_written_wrongly_is_told_at_once(write):
    path = write("""id: Loan Desk
purpose: ""
domains: [lendign]
who: {principals: [role/credit-memo]}
approved_at: 2026-13-01
safeguards: {max_daily_decisions: -5}
review_interval: 40 years
colour: red
""")

    with pytest.raises(UseCasesRefusedError) as refused:
        load(path, today=TODAY)

    assert [(one.line, one.key or one.message) for one in refused.value.refusals] == [
        (1, "id"),
        (1, "the key owner is missing"),
        (2, "purpose"),
        (3, "domains[0]"),
        (5, "approved_at"),
        (6, "safeguards.max_daily_decisions"),
        (7, "review_interval"),
        (8, "colour"),
    ]


def test_a_place_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="no such file or folder"):
        load(tmp_path / "nowhere", today=TODAY)


def test_a_folder_without_use_cases_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="there is no use case in here"):
        load(tmp_path, today=TODAY)
