"""Safeguards no single record shows: the daily limit, and reviews that did not come."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bedrock_audit.decide import decide, overdue
from bedrock_audit.exchanges import exchanges
from bedrock_audit.finding import Observation, Severity, Usage, Verdict
from bedrock_audit.use_case import Domain, Registry, Safeguards, Who
from tests.builders import NOON, a_context, a_match, a_record, a_use_case, asked

MATCH = a_match(rule="consequential-decision.lending", clause="consequential-decision", domain="lending")
LIMITED = a_use_case(safeguards=Safeguards(max_daily_decisions=3))


def audited(*request_ids, used=None, use_case=LIMITED, **record):
    """What an audit of these calls makes, its usage counted as the route counts it: each outcome before the next."""
    used = {} if used is None else used
    outcomes = []
    context = a_context(use_case, usage_today=lambda case, day: Counter(used.values())[(case, day)])
    for request_id in request_ids:
        call = a_record(asked(f"Approve or decline application {request_id}?"), request_id=request_id, **record)
        for outcome in decide(call, exchanges(call)[-1], (MATCH,), context):
            outcomes.append(outcome)
            if isinstance(outcome, Usage):
                used[outcome.id] = (outcome.use_case, outcome.day)
    return [outcome for outcome in outcomes if isinstance(outcome, Observation)]


@pytest.mark.parametrize(("calls", "found"), [(3, 0), (4, 1), (9, 1)], ids=["at the limit", "one more", "many more"])
def test_more_uses_a_day_than_allowed_are_one_finding(calls, found):
    observations = audited(*(f"r-{n}" for n in range(calls)))

    assert len({observation.finding.id for observation in observations}) == found
    assert len({observation.occurrence.id for observation in observations}) == found


def test_a_day_beyond_the_limit_is_told():
    finding = audited("a", "b", "c", "d")[0].finding

    assert (finding.verdict, finding.use_case, finding.domain) == (Verdict.SAFEGUARD_MISSING, "loan-desk", "lending")
    assert finding.title == "Safeguard missing (daily limit): more than 3 decisions a day under loan-desk"
    assert finding.severity is Severity.MEDIUM


def test_auditing_again_up_to_the_limit_finds_nothing():
    used = {}

    assert audited("a", "b", "c", used=used) == []
    assert audited("a", "b", "c", used=used) == []


def test_auditing_again_beyond_the_limit_finds_the_same():
    used = {}
    first = audited("a", "b", "c", "d", used=used)
    again = audited("d", "c", "b", "a", used=used)

    assert {observation.occurrence.id for observation in (*first, *again)} == {first[0].occurrence.id}
    assert {observation.finding for observation in (*first, *again)} == {first[0].finding}


def test_every_day_counts_for_itself():
    used = {}
    first = audited("a", "b", "c", "d", used=used)
    next_day = audited("e", "f", used=used, timestamp=NOON + timedelta(days=1))

    assert (len(first), next_day) == (1, [])


def test_a_finding_about_several_domains_names_none():
    both = a_use_case(domains=(Domain.LENDING, Domain.HOUSING), safeguards=Safeguards(max_daily_decisions=1))

    assert audited("a", "b", use_case=both)[0].finding.domain is None


def a_usage(request_id="req-1", **more):
    plain = {
        "id": f"g-{request_id}",
        "use_case": "loan-desk",
        "domain": "lending",
        "account": "123456789012",
        "principal": "arn:aws:iam::123456789012:role/helpdesk",
        "identity": f"id-{request_id}",
        "request_id": request_id,
        "at": NOON - timedelta(days=2),
        "object": "day.json.gz",
        "line": 4,
        "review_due": NOON - timedelta(days=1),
    }
    return Usage(**{**plain, **more})


def test_uses_nobody_reviewed_are_one_finding_with_an_occurrence_each():
    observations = list(overdue([a_usage("a"), a_usage("b")], context=a_context(a_use_case())))

    assert len({observation.finding.id for observation in observations}) == 1
    assert [observation.occurrence.request_id for observation in observations] == ["a", "b"]
    assert {observation.occurrence.at for observation in observations} == {NOON - timedelta(days=1)}


def test_an_overdue_review_is_told():
    (observation,) = overdue([a_usage()], context=a_context(a_use_case()))

    assert observation.finding.verdict is Verdict.SAFEGUARD_MISSING
    assert observation.finding.title == "Safeguard missing (human review): lending by role/helpdesk under loan-desk"
    assert (observation.finding.evidence.object, observation.finding.evidence.line) == ("day.json.gz", 4)


def test_looking_again_later_finds_the_same():
    (first,) = overdue([a_usage()], context=a_context(a_use_case()))
    (again,) = overdue([a_usage()], context=a_context(a_use_case(), now=NOON + timedelta(days=9)))

    assert first == again


def test_how_sure_the_caller_is_follows_the_use_case():
    (observation,) = overdue([a_usage()], context=a_context(a_use_case(who=Who(metadata={"app": "memo"}))))
    (unknown,) = overdue([a_usage(use_case="gone")], context=a_context(registry=Registry()))

    assert (observation.finding.attribution, unknown.finding.attribution) == ("declared", "verified")
