"""Safeguards that a record must show, and what is said when it does not."""

from __future__ import annotations

import pytest

from bedrock_audit.finding import Attribution
from bedrock_audit.record import Guardrail, Model
from bedrock_audit.use_case import Permitted, Registry, Safeguard, Safeguards, Who
from tests.builders import NOON, a_record, a_use_case


def judged(use_case, **record):
    return Registry(use_cases=(use_case,)).judge(a_record(**record), "lending", at=NOON)


@pytest.mark.parametrize(
    ("required", "seen"),
    [
        pytest.param(False, None, id="none required"),
        pytest.param(True, Guardrail(intervened=False, ids=("gr1",)), id="any will do"),
        pytest.param(True, Guardrail(intervened=True), id="any will do without an id"),
        pytest.param("gr1", Guardrail(intervened=False, ids=("gr0", "gr1")), id="the one"),
        pytest.param("gr1", Guardrail(intervened=False, ids=("gr1:3",)), id="the one, with a version"),
        pytest.param("arn:aws:bedrock:eu-west-1:1:guardrail/gr1", Guardrail(intervened=False, ids=("gr1",)), id="ARN"),
    ],
)
def test_a_required_guardrail_that_is_seen_permits(required, seen):
    use_case = a_use_case(safeguards=Safeguards(guardrail_required=required))

    assert isinstance(judged(use_case, guardrail=seen), Permitted)


@pytest.mark.parametrize(
    ("required", "seen", "sentence"),
    [
        pytest.param(True, None, "a Guardrail is required; the record carries no Guardrail trace", id="no trace"),
        pytest.param(True, None, "logs one only where the caller turned tracing on", id="what no trace may mean"),
        pytest.param("gr1", None, "Guardrail gr1 is required; the record carries no", id="no trace of the one"),
        pytest.param("gr1", Guardrail(intervened=False, ids=("gr2",)), "the trace in the record is of gr2", id="other"),
        pytest.param("gr1", Guardrail(intervened=True), "but not its id", id="some Guardrail without id"),
    ],
)
def test_a_missing_guardrail_is_named_with_what_shows_it(required, seen, sentence):
    refused = judged(a_use_case(safeguards=Safeguards(guardrail_required=required)), guardrail=seen)

    assert [lack.safeguard for lack in refused.missing] == [Safeguard.GUARDRAIL]
    assert sentence in refused.missing[0].sentence


PROFILE = "arn:aws:bedrock:eu-west-1:1:application-inference-profile/p1"


@pytest.mark.parametrize(
    ("who", "attribution"),
    [
        pytest.param(Who(metadata={"app": "memo"}), Attribution.DECLARED, id="metadata alone"),
        pytest.param(Who(metadata={"app": "memo"}, accounts=("123456789012",)), Attribution.DECLARED, id="and account"),
        pytest.param(Who(metadata={"app": "memo"}, principals=("role/helpdesk",)), Attribution.VERIFIED, id="and role"),
        pytest.param(Who(metadata={"app": "memo"}, inference_profiles=("p1",)), Attribution.VERIFIED, id="and profile"),
        pytest.param(Who(principals=("role/helpdesk",)), Attribution.VERIFIED, id="role"),
    ],
)
def test_only_the_callers_own_word_is_declared(who, attribution):
    wants_more = a_use_case(who=who, safeguards=Safeguards(attribution=Attribution.VERIFIED))
    call = {"request_metadata": {"app": "memo"}, "model": Model(id=PROFILE, kind="application-inference-profile")}

    assert judged(a_use_case(who=who), **call).attribution is attribution
    assert isinstance(judged(wants_more, **call), Permitted) is (attribution is Attribution.VERIFIED)


def test_every_missing_safeguard_is_told():
    use_case = a_use_case(
        who=Who(metadata={"app": "memo"}),
        safeguards=Safeguards(guardrail_required=True, attribution=Attribution.VERIFIED),
    )

    refused = judged(use_case, request_metadata={"app": "memo"})

    assert {lack.safeguard for lack in refused.missing} == {Safeguard.ATTRIBUTION, Safeguard.GUARDRAIL}
    assert len(refused.reasons) == 2
