"""Which steps a finding may take, and which suppression silences it."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import msgspec
import pytest

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Status, Verdict
from bedrock_audit.lifecycle import Transition, moved, suppressing
from tests.builders import NOON, ROLE_ARN, a_finding, a_suppression

CLOSED = [Status.RESOLVED, Status.FALSE_POSITIVE, Status.ACCEPTED]
ALLOWED = {
    *((Status.OPEN, to) for to in (Status.ACKNOWLEDGED, *CLOSED)),
    *((Status.ACKNOWLEDGED, to) for to in (Status.OPEN, *CLOSED)),
    *((closed, Status.OPEN) for closed in CLOSED),
}


def a_step(to):
    return Transition(to=to, actor="ann", at=NOON, reason="looked at it")


def from_noon_on(suppression_id="s-1", **more):
    """A silence of ten days that was agreed at NOON."""
    return a_suppression(suppression_id, **{"created_at": NOON, "expires_at": NOON + timedelta(days=10), **more})


@pytest.mark.parametrize(("status", "to"), sorted(product(Status, Status)))
def test_a_step_is_allowed_or_says_which_are(status, to):
    finding = a_finding(status=status, version=3)

    if (status, to) in ALLOWED:
        after = moved(finding, a_step(to))
        assert (after.status, after.version, after.history[-1].reason) == (to, 4, "looked at it")
    else:
        with pytest.raises(BedrockAuditError, match=f"is {status}; from there it can become: "):
            moved(finding, a_step(to))


@pytest.mark.parametrize(
    ("suppression", "finding", "is_silenced"),
    [
        pytest.param({}, {}, True, id="its clause and principal"),
        pytest.param({"clause": "harassment-or-harm"}, {}, False, id="another clause"),
        pytest.param({"principal": ROLE_ARN + "-2"}, {}, False, id="another principal"),
        pytest.param({"principal": ROLE_ARN[:-1]}, {}, False, id="not a part of a principal"),
        pytest.param({"principal": None, "use_case": "triage"}, {"use_case": "triage"}, True, id="its use case"),
        pytest.param({"principal": None, "use_case": "triage"}, {}, False, id="no use case"),
        pytest.param({"use_case": "triage"}, {"use_case": "hiring"}, False, id="one of the two is another"),
        pytest.param({"principal": None}, {}, False, id="nobody named silences nothing"),
        pytest.param({"principal": None, "domain": "lending"}, {"domain": "lending"}, False, id="a domain is nobody"),
        pytest.param({"domain": "lending"}, {"domain": "lending"}, True, id="its domain"),
        pytest.param({"domain": "lending"}, {"domain": "employment"}, False, id="another domain"),
        pytest.param({"verdict": Verdict.VIOLATION}, {}, True, id="its verdict"),
        pytest.param({"verdict": Verdict.SAFEGUARD_MISSING}, {}, False, id="another verdict"),
    ],
)
def test_what_a_suppression_is_meant_for(suppression, finding, is_silenced):
    found = suppressing(a_finding(**finding), [from_noon_on(**suppression)], NOON)

    assert (found is not None) == is_silenced


@pytest.mark.parametrize(
    ("days", "is_silenced"),
    [(-0.001, False), (0, True), (9.999, True), (10, False)],
    ids=["before it was agreed", "from then on", "until it expires", "no longer"],
)
def test_a_suppression_holds_from_its_making_to_its_end(days, is_silenced):
    at = NOON + timedelta(days=days)

    assert (suppressing(a_finding(), [from_noon_on()], at) is not None) == is_silenced


def test_a_suppression_may_be_for_calls_from_before_it_was_agreed():
    earlier = from_noon_on(starts_at=NOON - timedelta(days=5))

    assert suppressing(a_finding(), [earlier], NOON - timedelta(days=5)) == earlier
    assert suppressing(a_finding(), [earlier], NOON - timedelta(days=5.001)) is None


def test_a_suppression_ended_early_holds_for_what_happened_before():
    ended = from_noon_on(ended_at=NOON + timedelta(days=2))

    assert suppressing(a_finding(), [ended], NOON + timedelta(days=1)) == ended
    assert suppressing(a_finding(), [ended], NOON + timedelta(days=2)) is None


def test_of_several_the_oldest_is_named():
    older = from_noon_on("s-9")
    newer = msgspec.structs.replace(older, id="s-1", created_at=NOON + timedelta(hours=1))

    found = suppressing(a_finding(), [newer, older], NOON + timedelta(hours=2))

    assert found == older
