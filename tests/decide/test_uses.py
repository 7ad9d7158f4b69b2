"""Consequential uses: recorded as usage where permitted, else one finding per use and what it lacks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bedrock_audit.decide import decide
from bedrock_audit.exchanges import exchanges
from bedrock_audit.finding import Attribution, Disposition, Observation, Severity, Usage, Verdict
from bedrock_audit.use_case import Domain, HumanOversight, HumanReview, Safeguards, Who
from tests.builders import NOON, a_context, a_match, a_record, a_suppression, a_use_case, answered, asked

ASK = "Loan application 88121: income 3,100 a month. Approve or decline this applicant?"
SUPPRESSION = a_suppression(clause="consequential-decision", principal=None, use_case="loan-desk")


def a_use(domain="lending", **more):
    return a_match(
        **{
            "rule": f"consequential-decision.{domain}",
            "clause": "consequential-decision",
            "domain": domain,
            "severity": Severity.HIGH,
            "explanation": ("A decision about an applicant is asked for.",),
            **more,
        }
    )


def decided(*use_cases, matches=(a_use(),), record=None, exchange=-1, **context):
    record = record or a_record(asked(ASK))
    return list(decide(record, exchanges(record)[exchange], matches, a_context(*use_cases, **context)))


def found(*use_cases, **more):
    (observation,) = decided(*use_cases, **more)
    assert isinstance(observation, Observation)
    return observation.finding


def test_a_permitted_use_is_recorded_and_no_finding():
    (usage,) = decided(a_use_case(), record=a_record(asked(ASK), end_user="u-17"))

    assert isinstance(usage, Usage)
    assert (usage.use_case, usage.domain, usage.day, usage.end_user) == ("loan-desk", "lending", "2026-11-23", "u-17")
    assert usage.review_due is None


def test_a_use_that_a_person_must_review_says_by_when():
    oversight = HumanOversight("An officer decides", human_review=HumanReview(within_hours=24))

    (usage,) = decided(a_use_case(human_oversight=oversight))

    assert usage.review_due == NOON + timedelta(hours=24)


def test_a_record_delivered_twice_is_one_usage():
    (first,), (again,) = decided(a_use_case()), decided(a_use_case())

    assert first.id == again.id


def test_a_permitted_use_sent_along_as_history_is_not_used_again():
    later = a_record(asked(ASK), answered("Draft: approve."), asked("Thanks, now translate that into French", turn=2))

    assert decided(a_use_case(), record=later, exchange=0) == []


def test_a_clause_on_trial_records_no_usage():
    assert decided(a_use_case(), matches=(a_use(shadow=True),)) == []


def test_several_matches_of_a_domain_are_one_use_and_several_domains_are_several():
    both = a_use_case(domains=(Domain.LENDING, Domain.HOUSING))

    usages = decided(both, matches=(a_use(rule="a"), a_use(rule="b"), a_use("housing")))

    assert sorted(usage.domain for usage in usages) == ["housing", "lending"]


def test_a_consequential_match_without_a_domain_touches_fundamental_rights():
    assert found(matches=(a_use(domain=None),)).domain == "fundamental-rights"


LACKS_GUARDRAIL = a_use_case(safeguards=Safeguards(guardrail_required=True))


@pytest.mark.parametrize(
    ("use_case", "verdict", "title", "first"),
    [
        pytest.param(
            a_use_case(who=Who(principals=("role/credit",))),
            Verdict.UNAPPROVED_USE,
            "Undeclared purpose: lending by role/helpdesk, which no use case names",
            "No use case names role/helpdesk at all",
            id="undeclared",
        ),
        pytest.param(
            a_use_case(domains=(Domain.EDUCATION,)),
            Verdict.UNAPPROVED_USE,
            "Outside its use case: lending by role/helpdesk, registered as loan-desk",
            "Use case loan-desk names role/helpdesk, and this consequential use (lending) is outside it",
            id="outside its own",
        ),
        pytest.param(
            a_use_case(risk_evaluation=None),
            Verdict.UNAPPROVED_USE,
            "Not approved: lending by role/helpdesk under loan-desk",
            "Use case loan-desk describes this use (lending), but no approval of it held at the time",
            id="incomplete",
        ),
        pytest.param(
            a_use_case(expires_at=date(2026, 11, 11)),
            Verdict.LAPSED_APPROVAL,
            "Approval lapsed: lending by role/helpdesk under loan-desk",
            "Use case loan-desk describes this use (lending), but its approval had ended",
            id="lapsed",
        ),
        pytest.param(
            LACKS_GUARDRAIL,
            Verdict.SAFEGUARD_MISSING,
            "Safeguard missing (guardrail): lending by role/helpdesk under loan-desk",
            "Use case loan-desk approves this use (lending) with a safeguard that was not there",
            id="safeguard",
        ),
    ],
)
def test_a_use_that_is_not_permitted_is_told_by_kind(use_case, verdict, title, first):
    finding = found(use_case)

    assert (finding.verdict, finding.title) == (verdict, title)
    assert finding.explanation[0].startswith(first)
    assert "loan-desk: " in finding.explanation[1] or verdict is Verdict.SAFEGUARD_MISSING
    assert finding.explanation[-1] == "A decision about an applicant is asked for."


def test_a_missing_safeguard_is_told_with_what_shows_it():
    assert "the record carries no Guardrail trace" in found(LACKS_GUARDRAIL).explanation[1]


def test_a_thousand_calls_of_one_use_are_one_finding_with_an_occurrence_each():
    observations = [decided(record=a_record(asked(f"{ASK} No. {n}"), request_id=f"r-{n}"))[0] for n in range(50)]

    assert len({observation.finding.id for observation in observations}) == 1
    assert len({observation.occurrence.id for observation in observations}) == 50


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"matches": (a_use("housing"),)}, id="domain"),
        pytest.param({"record": a_record(asked(ASK), principal="arn:aws:iam::123456789012:role/x")}, id="caller"),
        pytest.param({"record": a_record(asked(ASK), account="999999999999")}, id="account"),
    ],
)
def test_another_use_is_another_finding(other):
    assert found().id != found(**other).id


def test_each_missing_safeguard_is_a_finding_of_its_own():
    use_case = a_use_case(
        who=Who(metadata={"app": "memo"}),
        safeguards=Safeguards(guardrail_required=True, attribution=Attribution.VERIFIED),
    )

    observations = decided(use_case, record=a_record(asked(ASK), request_metadata={"app": "memo"}))

    assert len({observation.finding.id for observation in observations}) == 2
    assert {observation.finding.verdict for observation in observations} == {Verdict.SAFEGUARD_MISSING}


def test_an_undeclared_use_belongs_to_no_use_case_so_that_its_suppression_does_not_hide_it():
    finding = found(a_use_case(who=Who(principals=("role/credit",))), suppressions=(SUPPRESSION,))

    assert finding.use_case is None
    assert finding.suppressed_by is None


def test_a_use_outside_its_own_use_case_names_it():
    finding = found(a_use_case(domains=(Domain.EDUCATION,)), suppressions=(SUPPRESSION,))

    assert (finding.use_case, finding.suppressed_by) == ("loan-desk", "s-1")


@pytest.mark.parametrize(
    ("who", "attribution"),
    [
        pytest.param(Who(metadata={"app": "memo"}), Attribution.DECLARED, id="the caller's own word"),
        pytest.param(Who(principals=("role/helpdesk",)), Attribution.VERIFIED, id="its role"),
        pytest.param(Who(metadata={"app": "other"}), Attribution.VERIFIED, id="a use case that does not name it"),
    ],
)
def test_a_finding_says_how_sure_it_is_whose_use_it_was(who, attribution):
    lapsed = a_use_case(who=who, expires_at=date(2026, 11, 11))

    finding = found(lapsed, record=a_record(asked(ASK), request_metadata={"app": "memo"}))

    assert finding.attribution is attribution


def test_what_is_seen_in_history_makes_no_occurrence():
    later = a_record(asked(ASK), answered("Draft: approve."), asked("Thanks, now translate that into French", turn=2))

    (observation,) = decided(record=later, exchange=0)

    assert observation.occurrence is None
    assert observation.finding.seen_in_history


@pytest.mark.parametrize("disposition", Disposition)
def test_a_use_is_a_practice_and_one_answer_does_not_move_its_severity(disposition):
    (observation,) = decided(matches=(a_use(disposition=disposition),))

    assert observation.finding.severity is Severity.HIGH
    assert observation.occurrence.disposition is disposition


def test_a_call_is_judged_by_its_own_time_and_not_by_the_audits():
    lapsed_since = a_use_case(expires_at=date(2026, 11, 30))

    (outcome,) = decided(lapsed_since, now=NOON + timedelta(days=365))

    assert isinstance(outcome, Usage)


def test_prohibitions_and_uses_are_told_apart_in_one_exchange():
    outcomes = decided(a_use_case(), matches=(a_use(), a_match()))

    assert {type(outcome) for outcome in outcomes} == {Usage, Observation}
