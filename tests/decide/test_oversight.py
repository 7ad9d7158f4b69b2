"""Safeguards no single record shows: the daily limit, and reviews that did not come."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bedrock_audit.decide import UsedOn, beyond_limit, decide, overdue
from bedrock_audit.exchanges import exchanges
from bedrock_audit.finding import Severity, Usage, Verdict
from bedrock_audit.use_case import Domain, Registry, Safeguards, Who
from tests.builders import NOON, a_context, a_match, a_record, a_use_case, asked

MATCH = a_match(rule="consequential-decision.lending", clause="consequential-decision", domain="lending")
LIMITED = a_use_case(safeguards=Safeguards(max_daily_decisions=3))


def audited(*request_ids, used=None, use_case=LIMITED, **record):
    """What an audit of these calls finds, its usage stored before the limit is looked at, as on the route."""
    used = {} if used is None else used
    context = a_context(use_case, uses_on=lambda case, day: Counter(used.values())[UsedOn(case, day)])
    days = set()
    for request_id in request_ids:
        call = a_record(asked(f"Approve or decline application {request_id}?"), request_id=request_id, **record)
        (usage,) = decide(call, exchanges(call)[-1], (MATCH,), context)
        assert isinstance(usage, Usage)
        days.add(UsedOn(usage.use_case, usage.day))
        used[usage.id] = UsedOn(usage.use_case, usage.day)
    return list(beyond_limit(sorted(days), context=context))


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

    assert first == again
    assert len(first) == 1


def test_every_day_counts_for_itself():
    used = {}
    first = audited("a", "b", "c", "d", used=used)
    next_day = audited("e", "f", used=used, timestamp=NOON + timedelta(days=1))

    assert (len(first), next_day) == (1, [])


@pytest.mark.parametrize("use_case", [a_use_case(), a_use_case("another")], ids=["without a limit", "gone since"])
def test_what_has_no_limit_is_not_counted(use_case):
    def uses_on(_use_case, _day):
        raise AssertionError("nobody needs to know")

    context = a_context(use_case, uses_on=uses_on)

    assert list(beyond_limit([UsedOn("loan-desk", "2026-11-23")], context=context)) == []


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
