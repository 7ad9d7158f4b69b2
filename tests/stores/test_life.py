"""The life of a stored finding: steps with who, when and why."""

from __future__ import annotations

import pytest

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Change, Status
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import FindingQuery
from bedrock_audit.recording.bounds import MOST_CHANGES
from tests.stores.sightings import minutes, seen

A = seen().finding.id


def step(to, *, actor="ann", at=5.0, reason="looked at it"):
    return Transition(to=to, actor=actor, at=minutes(at), reason=reason)


def taken(stores, *steps):
    for version, one in enumerate(steps):
        stores.findings.change(A, one, expected_version=version)
    return stores.findings.get(A)


def test_every_step_keeps_who_when_and_why(stores):
    stores.findings.record(seen())

    finding = taken(
        stores, step(Status.ACKNOWLEDGED, at=1), step(Status.RESOLVED, actor="bob", at=2, reason="role removed")
    )

    assert finding.history == (
        Change(at=minutes(1), actor="ann", status=Status.ACKNOWLEDGED, reason="looked at it", seen_until=minutes(0)),
        Change(at=minutes(2), actor="bob", status=Status.RESOLVED, reason="role removed", seen_until=minutes(0)),
    )
    assert (finding.status, finding.version) == (Status.RESOLVED, 2)


def test_a_change_moves_the_finding_in_queries(stores):
    stores.findings.record(seen())

    taken(stores, step(Status.FALSE_POSITIVE))

    assert list(stores.findings.query(FindingQuery(status=Status.OPEN))) == []
    assert [one.id for one in stores.findings.query(FindingQuery(status=Status.FALSE_POSITIVE))] == [A]


def test_a_step_that_its_status_does_not_allow_changes_nothing(stores):
    stores.findings.record(seen())
    taken(stores, step(Status.RESOLVED))

    with pytest.raises(BedrockAuditError, match="is resolved; from there it can become: open"):
        stores.findings.change(A, step(Status.ACCEPTED), expected_version=1)

    assert stores.findings.get(A).version == 1


def test_a_finding_that_is_not_there_cannot_be_changed(stores):
    with pytest.raises(BedrockAuditError, match="there is no finding v-none"):
        stores.findings.change("v-none", step(Status.RESOLVED), expected_version=0)

    assert stores.findings.get("v-none") is None


def test_an_endless_back_and_forth_keeps_its_beginning_and_its_latest_steps(stores):
    stores.findings.record(seen())
    steps = [step((Status.RESOLVED, Status.OPEN)[number % 2], at=number) for number in range(MOST_CHANGES + 20)]

    finding = taken(stores, *steps)

    assert finding.version == MOST_CHANGES + 20
    assert len(finding.history) == MOST_CHANGES
    assert (finding.history[0].at, finding.history[-1].at) == (minutes(0), minutes(MOST_CHANGES + 19))
