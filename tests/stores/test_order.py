"""Whatever the order and however often observations arrive, what is stored is the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedrock_audit.finding import Disposition, Origin, Severity, Status
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import FindingQuery
from tests.stores.places import Place, in_file, in_memory
from tests.stores.sightings import minutes, seen, seen_in_history

RESOLVED_AT = minutes(10)

shown = {
    "severity": st.sampled_from(Severity),
    "disposition": st.sampled_from(Disposition),
    "policy_version": st.sampled_from(["a", "b"]),
    "shadow": st.booleans(),
    "origin": st.sampled_from(Origin),
    "matter": st.sampled_from(["a", "b"]),
}


def own_request(number: int, **more):
    return seen(f"req-{number}", at=minutes(3 * number), suppressed_by=None if number % 3 else "s-1", **more)


def later_request(number: int, **more):
    return seen_in_history(f"req-{number}", at=minutes(3 * number), **more)


own = st.builds(own_request, st.integers(0, 7), **shown)
sent_along = st.builds(later_request, st.integers(0, 7), **shown)
observations = st.lists(st.one_of(own, sent_along), min_size=1, max_size=12)


@st.composite
def delivered_twice(draw):
    """The same observations in two orders, some of them more than once."""
    once = draw(observations)
    again = draw(st.permutations([*once, *draw(st.lists(st.sampled_from(once), max_size=6))]))
    return once, again


def state_after(place: Place, arriving, *, per_unit: int):
    """Everything stored, after the observations came in objects of so many."""
    for start in range(0, len(arriving), per_unit):
        with place.open() as stores, stores.findings.unit():
            for observation in arriving[start : start + per_unit]:
                stores.findings.record(observation)
    with place.open() as stores:
        findings = list(stores.findings.query(FindingQuery()))
        return findings, [list(stores.findings.occurrences(finding.id)) for finding in findings]


def for_real(observation):
    finding = msgspec.structs.replace(observation.finding, shadow=False)
    return msgspec.structs.replace(observation, finding=finding)


@given(delivered_twice(), st.integers(1, 5))
def test_in_memory(delivered, per_unit):
    once, again = delivered

    assert state_after(in_memory(), again, per_unit=per_unit) == state_after(in_memory(), once, per_unit=1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(delivered_twice(), st.integers(1, 5))
def test_in_a_file_as_in_memory(delivered, per_unit):
    once, again = delivered

    with tempfile.TemporaryDirectory() as folder:
        stored = state_after(in_file(Path(folder) / "findings.db"), again, per_unit=per_unit)

    assert stored == state_after(in_memory(), once, per_unit=1)


@given(delivered_twice())
def test_after_a_resolution_too(delivered):
    """But that a request is first audited in shadow and then for real: it is no new occurrence then."""
    once, again = ([for_real(one) for one in some if one.finding.id == seen().finding.id] for some in delivered)
    places = [in_memory(), in_memory()]
    for place in places:
        stores = place.open()
        stores.findings.record(seen("first"))
        resolution = Transition(to=Status.RESOLVED, actor="ann", at=RESOLVED_AT, reason="mended")
        stores.findings.change(seen().finding.id, resolution, expected_version=0)

    assert state_after(places[0], again, per_unit=3) == state_after(places[1], once, per_unit=1)
