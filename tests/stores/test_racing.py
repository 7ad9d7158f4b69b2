"""Several writers at once: nothing is counted twice, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bedrock_audit.errors import ConflictError
from bedrock_audit.finding import Severity, Status
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import Stored, UsageQuery
from tests.builders import a_use_case
from tests.stores.sightings import minutes, seen, used

A = seen().finding.id


def step(to, *, actor="ann", at=5.0):
    return Transition(to=to, actor=actor, at=minutes(at), reason="looked at it")


def test_two_deliveries_of_one_object_count_its_requests_once(place):
    observations = [seen(f"req-{number}", at=minutes(number)) for number in range(3)]

    with place.open() as one, place.open() as other, one.findings.unit():
        for observation in observations:
            one.findings.record(observation)
        for observation in observations:
            other.findings.record(observation)

    with place.open() as stores:
        assert stores.findings.get(A).occurrences == 3
        assert len(list(stores.findings.occurrences(A))) == 3


def test_an_occurrence_stored_by_another_writer_meanwhile_is_joined(place):
    with place.open() as one, place.open() as other:
        one.findings.record(seen("req-0"))
        with one.findings.unit():
            one.findings.record(seen("req-1", at=minutes(1)))
            other.findings.record(seen("req-2", at=minutes(2), severity=Severity.CRITICAL))
            one.findings.record(seen("req-3", at=minutes(3)))

    with place.open() as stores:
        finding = stores.findings.get(A)
        assert (finding.occurrences, finding.severity) == (4, Severity.CRITICAL)


def test_a_decision_made_while_an_object_is_audited_is_kept(place):
    with place.open() as auditor, place.open() as officer:
        auditor.findings.record(seen("req-1"))
        with auditor.findings.unit():
            auditor.findings.record(seen("req-2", at=minutes(1)))
            officer.findings.change(A, step(Status.ACCEPTED), expected_version=0)

    with place.open() as stores:
        finding = stores.findings.get(A)
        assert (finding.status, finding.occurrences) == (Status.ACCEPTED, 2)
        assert [change.actor for change in finding.history] == ["ann"]


def test_of_two_people_who_decide_at_once_the_second_is_told(place):
    with place.open() as ann, place.open() as bob:
        ann.findings.record(seen("req-1"))
        read_by_both = bob.findings.get(A).version
        ann.findings.change(A, step(Status.ACCEPTED), expected_version=read_by_both)

        with pytest.raises(ConflictError, match=A):
            bob.findings.change(A, step(Status.FALSE_POSITIVE, actor="bob"), expected_version=read_by_both)

        assert ann.findings.get(A).status is Status.ACCEPTED


def test_counting_an_occurrence_does_not_get_in_a_persons_way(place):
    with place.open() as auditor, place.open() as officer:
        auditor.findings.record(seen("req-1"))
        version = officer.findings.get(A).version
        auditor.findings.record(seen("req-2", at=minutes(1)))

        changed = officer.findings.change(A, step(Status.ACKNOWLEDGED), expected_version=version)

        assert (changed.status, changed.occurrences) == (Status.ACKNOWLEDGED, 2)


def test_of_two_people_who_change_different_use_cases_at_once_the_second_looks_again(place):
    """Each may have checked theirs against a registry without the other's, and the two could claim the same calls."""
    with place.open() as ann, place.open() as bob:
        seen_by_both = bob.use_cases.registry()
        ann.use_cases.save(a_use_case("loan-desk"), seen=ann.use_cases.registry())

        with pytest.raises(ConflictError, match="the registry was changed by somebody else"):
            bob.use_cases.save(a_use_case("credit-desk"), seen=seen_by_both)
        bob.use_cases.save(a_use_case("hiring"), seen=bob.use_cases.registry())

        assert [one.id for one in ann.use_cases.registry().use_cases] == ["hiring", "loan-desk"]


def test_somebody_who_looked_before_a_use_case_was_stopped_does_not_save(place):
    with place.open() as ann, place.open() as bob:
        ann.use_cases.save(a_use_case("loan-desk"), a_use_case("hiring"), seen=ann.use_cases.registry())
        seen_by_bob = bob.use_cases.registry()
        ann.use_cases.save(a_use_case("loan-desk", version=2), seen=ann.use_cases.registry())

        with pytest.raises(ConflictError, match="the registry"):
            bob.use_cases.save(a_use_case("hiring", version=2), seen=seen_by_bob)
        with pytest.raises(ConflictError, match="use case loan-desk was"):
            bob.use_cases.save(a_use_case("loan-desk", version=2), seen=seen_by_bob)


def applied_at_once(place, use_case, seen_by_all):
    with place.open() as stores:
        try:
            stores.use_cases.save(use_case, seen=seen_by_all)
        except ConflictError:
            return None
    return use_case.id


@pytest.mark.parametrize("place", ["sqlite", "dynamodb-local"], indirect=True)
def test_of_people_who_really_apply_at_once_one_gets_through(place):
    cases = [a_use_case(f"desk-{number}") for number in range(4)]
    with place.open() as stores:
        seen_by_all = stores.use_cases.registry()

    with ThreadPoolExecutor(4) as pool:
        through = list(filter(None, pool.map(lambda one: applied_at_once(place, one, seen_by_all), cases)))

    with place.open() as stores:
        assert [one.id for one in stores.use_cases.registry().use_cases] == through
    assert len(through) == 1


def in_a_thread(place, observations, usages):
    """One delivery, by a worker of its own; its outcomes."""
    with place.open() as stores:
        with stores.findings.unit():
            for usage in usages:
                stores.ledger.record_usage(usage)
        return [stores.findings.record(observation) for observation in observations]


@pytest.mark.parametrize("place", ["sqlite", "dynamodb-local"], indirect=True)
def test_workers_that_really_run_at_once(place):
    observations = [seen(f"req-{number}", at=minutes(number)) for number in range(6)]
    usages = [used(f"req-{number}", end_user=f"user-{number % 2}") for number in range(6)]
    with place.open() as stores:  # the file and its tables are there before anybody races
        assert stores.findings.get(A) is None

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: in_a_thread(place, observations, usages), range(4)))

    with place.open() as stores:
        assert stores.findings.get(A).occurrences == 6
        (count,) = stores.ledger.usage(UsageQuery(use_case="triage"))
    assert (count.uses, count.end_users) == (6, 2)
    assert sum(outcome is Stored.NEW for worker in outcomes for outcome in worker) == 1
