"""Recording an observation: counted once, whatever is delivered, in whatever order."""

from __future__ import annotations

import pytest

from bedrock_audit.finding import Disposition, Origin, Severity, Status
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import FindingQuery, Stored
from tests.stores.sightings import minutes, seen, seen_in_history

A = seen().finding.id


def settle(stores, status, *, at):
    finding = stores.findings.get(A)
    stores.findings.change(
        A, Transition(to=status, actor="ann", at=at, reason="looked at it"), expected_version=finding.version
    )


def audit_and_crash(stores, observations):
    with stores.findings.unit():
        for observation in observations:
            stores.findings.record(observation)
        raise KeyboardInterrupt


def test_the_same_request_delivered_again_changes_nothing(stores):
    first = stores.findings.record(seen("req-1"))
    before = stores.findings.get(A)

    again = stores.findings.record(seen("req-1"))

    assert (first, again) == (Stored.NEW, Stored.SEEN)
    assert stores.findings.get(A) == before
    assert before.occurrences == 1


def test_each_further_request_is_counted(stores):
    stored = [stores.findings.record(seen(f"req-{number}", at=minutes(number))) for number in (1, 2, 3)]

    finding = stores.findings.get(A)
    assert stored == [Stored.NEW, Stored.COUNTED, Stored.COUNTED]
    assert finding.occurrences == 3
    assert (finding.first_seen, finding.last_seen) == (minutes(1), minutes(3))
    assert [one.request_id for one in stores.findings.occurrences(A)] == ["req-3", "req-2", "req-1"]
    assert [one.request_id for one in stores.findings.occurrences(A, limit=1)] == ["req-3"]


def test_what_is_only_in_history_is_kept_without_an_occurrence(stores):
    stored = stores.findings.record(seen_in_history())

    finding = stores.findings.get(A)
    assert stored is Stored.NEW
    assert (finding.occurrences, finding.seen_in_history) == (0, True)
    assert list(stores.findings.occurrences(A)) == []


def test_an_occurrence_speaks_over_what_history_showed(stores):
    stores.findings.record(seen_in_history("later", at=minutes(9), severity=Severity.CRITICAL))

    stored = stores.findings.record(seen("own", at=minutes(1), severity=Severity.LOW))
    replayed = stores.findings.record(seen_in_history("latest", at=minutes(20), severity=Severity.CRITICAL))

    finding = stores.findings.get(A)
    assert (stored, replayed) == (Stored.COUNTED, Stored.SEEN)
    assert (finding.severity, finding.seen_in_history, finding.occurrences) == (Severity.LOW, False, 1)
    assert finding.evidence.request_id == "own"
    assert finding.last_seen == minutes(1)


def test_a_worse_occurrence_raises_the_severity_and_a_milder_one_does_not_lower_it(stores):
    refused = {"severity": Severity.MEDIUM, "disposition": Disposition.REFUSED}
    complied = {"severity": Severity.CRITICAL, "disposition": Disposition.COMPLIED}

    stored = [
        stores.findings.record(seen("req-1", **refused)),
        stores.findings.record(seen("req-2", at=minutes(1), **complied)),
        stores.findings.record(seen("req-3", at=minutes(2), **refused)),
    ]

    finding = stores.findings.get(A)
    assert stored == [Stored.NEW, Stored.RAISED, Stored.COUNTED]
    assert (finding.severity, finding.disposition) == (Severity.CRITICAL, Disposition.COMPLIED)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)], ids=str)
def test_the_evidence_kept_is_the_earliest_whatever_came_first(stores, order):
    for number in order:
        stores.findings.record(seen(f"req-{number}", at=minutes(number)))

    assert stores.findings.get(A).evidence.request_id == "req-1"


def test_a_resolved_finding_is_reopened_by_what_happened_after(stores):
    stores.findings.record(seen("req-1"))
    settle(stores, Status.RESOLVED, at=minutes(10))

    late = stores.findings.record(seen("delivered-late", at=minutes(9)))
    status_then = stores.findings.get(A).status
    after = stores.findings.record(seen("after", at=minutes(11)))

    finding = stores.findings.get(A)
    assert (late, status_then) == (Stored.COUNTED, Status.RESOLVED)
    assert (after, finding.status) == (Stored.REOPENED, Status.OPEN)
    assert [change.status for change in finding.history] == [Status.RESOLVED, Status.OPEN]
    assert "after" in finding.history[-1].reason
    assert finding.version == 2


@pytest.mark.parametrize(
    ("at", "status"),
    [
        pytest.param(-1, Status.RESOLVED, id="older than what was known"),
        pytest.param(0, Status.OPEN, id="in the second of the last that was known"),
        pytest.param(100, Status.OPEN, id="unknown when it was resolved"),
        pytest.param(290, Status.RESOLVED, id="on its way when it was resolved"),
        pytest.param(301, Status.OPEN, id="a relapse"),
    ],
)
def test_a_resolution_answers_for_what_was_known_and_what_was_on_its_way(stores, at, status):
    stores.findings.record(seen("known"))
    settle(stores, Status.RESOLVED, at=minutes(300))

    stores.findings.record(seen("found in another log", at=minutes(at)))

    assert stores.findings.get(A).status is status


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.FALSE_POSITIVE, Status.ACKNOWLEDGED])
def test_what_people_have_decided_stays_decided(stores, status):
    stores.findings.record(seen("req-1"))
    settle(stores, status, at=minutes(10))

    stored = stores.findings.record(seen("req-2", at=minutes(11)))

    assert (stored, stores.findings.get(A).status) == (Stored.COUNTED, status)


def test_a_suppressed_occurrence_is_counted_but_does_not_reopen(stores):
    stores.findings.record(seen("req-1"))
    settle(stores, Status.RESOLVED, at=minutes(10))

    stores.findings.record(seen("req-2", at=minutes(11), suppressed_by="s-1"))

    finding = stores.findings.get(A)
    assert (finding.status, finding.occurrences, finding.suppressed_by) == (Status.RESOLVED, 2, None)
    assert next(stores.findings.occurrences(A)).suppressed_by == "s-1"


def test_a_finding_is_suppressed_only_while_all_its_occurrences_are(stores):
    stores.findings.record(seen("req-1", suppressed_by="s-1"))
    stores.findings.record(seen("req-2", at=minutes(1), suppressed_by="s-2"))
    while_all_are = stores.findings.get(A).suppressed_by

    stores.findings.record(seen("req-3", at=minutes(2)))

    assert (while_all_are, stores.findings.get(A).suppressed_by) == ("s-1", None)


def test_seen_live_once_is_live(stores):
    stores.findings.record(seen("req-1", origin=Origin.BACKFILL, shadow=True))
    stores.findings.record(seen("req-2", at=minutes(1)))

    finding = stores.findings.get(A)
    assert (finding.origin, finding.shadow) == (Origin.LIVE, False)


def test_another_policy_version_on_the_same_record_counts_nothing(stores):
    stores.findings.record(seen("req-1", policy_version="2023-09-28+a"))

    again = stores.findings.record(seen("req-1", policy_version="2023-09-28+b", severity=Severity.CRITICAL))

    finding = stores.findings.get(A)
    assert (again, finding.occurrences) == (Stored.RAISED, 1)
    assert finding.policy_version == "2023-09-28+a"


def test_findings_of_one_object_are_visible_before_its_unit_ends(place):
    with place.open() as stores, stores.findings.unit():
        stored = [stores.findings.record(seen("req-1")), stores.findings.record(seen("req-1"))]
        stored.append(stores.findings.record(seen("req-2", at=minutes(1))))

        assert stored == [Stored.NEW, Stored.SEEN, Stored.COUNTED]
        assert stores.findings.get(A).occurrences == 2
        assert [finding.id for finding in stores.findings.query(FindingQuery())] == [A]

    with place.open() as stores:
        assert stores.findings.get(A).occurrences == 2


def test_a_crash_within_an_object_costs_nothing_when_it_is_audited_again(place):
    observations = [seen(f"req-{number}", at=minutes(number)) for number in range(5)]
    with place.open() as stores:
        with pytest.raises(KeyboardInterrupt):
            audit_and_crash(stores, observations[:3])

        with stores.findings.unit():
            for observation in observations:
                stores.findings.record(observation)

    with place.open() as stores:
        assert stores.findings.get(A).occurrences == 5
        assert len(list(stores.findings.occurrences(A))) == 5


def test_a_busy_finding_of_one_object_is_counted_to_the_last(place):
    with place.open() as stores, stores.findings.unit():
        for number in range(200):
            stores.findings.record(seen(f"req-{number}", at=minutes(number)))

    with place.open() as stores:
        finding = stores.findings.get(A)
        assert finding.occurrences == 200
        assert (finding.first_seen, finding.last_seen) == (minutes(0), minutes(199))
        newest_first = [one.at for one in stores.findings.occurrences(A)]
        assert newest_first == sorted(newest_first, reverse=True)
        assert len(newest_first) == 200
