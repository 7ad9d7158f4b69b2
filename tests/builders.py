"""Builders of values for tests: each takes only what the test is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bedrock_audit.context import Context
from bedrock_audit.detect.match import Match
from bedrock_audit.exchanges import Exchange, exchanges
from bedrock_audit.finding import (
    Attribution,
    Evidence,
    Finding,
    Observation,
    Occurrence,
    Origin,
    Severity,
    Span,
    Verdict,
    derived_id,
    occurrence_id,
)
from bedrock_audit.lifecycle import Suppression
from bedrock_audit.record import (
    NO_TURN,
    Body,
    BodyState,
    Direction,
    InvocationRecord,
    Model,
    Part,
    PartKind,
    Principal,
    PrincipalKind,
    Role,
    Source,
)
from bedrock_audit.use_case import (
    Domain,
    HumanOversight,
    Registry,
    RiskEvaluation,
    Testing,
    UseCase,
    UseCaseStatus,
    Who,
)

ACCOUNT = "123456789012"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/helpdesk"
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def asked(text: str, *, turn: int = 0, role: Role = Role.USER, kind: PartKind = PartKind.TEXT, **more: Any) -> Part:
    """Something said to the model."""
    place = f"/input/inputBodyJson/messages/{turn}/content/0/text"
    return Part(role=role, direction=Direction.INPUT, kind=kind, text=text, turn=turn, **{"location": place, **more})


def answered(text: str, *, turn: int = 1, kind: PartKind = PartKind.TEXT, **more: Any) -> Part:
    """Something the model said."""
    plain: dict[str, Any] = {
        "role": Role.ASSISTANT,
        "direction": Direction.OUTPUT,
        "location": "/output/outputBodyJson/output/message/content/0/text",
    }
    return Part(text=text, turn=turn, kind=kind, **{**plain, **more})


def framed(text: str, *, role: Role = Role.SYSTEM, **more: Any) -> Part:
    """A system prompt or another part that stands outside the turns."""
    place = "/input/inputBodyJson/system/0/text"
    return Part(
        role=role,
        direction=Direction.INPUT,
        kind=PartKind.TEXT,
        text=text,
        turn=NO_TURN,
        **{"location": place, **more},
    )


def a_record(*parts: Part, request_id: str = "req-1", principal: str = ROLE_ARN, **more: Any) -> InvocationRecord:
    """An invocation with these parts; every other field has a plain value that can be given."""
    plain: dict[str, Any] = {
        "source": Source(object="day.json.gz", line=1),
        "identity": f"{request_id}|Converse|{NOON.isoformat()}",
        "request_id": request_id,
        "timestamp": NOON,
        "operation": "Converse",
        "account": ACCOUNT,
        "region": "eu-central-1",
        "principal": Principal(arn=principal, kind=PrincipalKind.ROLE, session="session-1"),
        "model": Model(id="anthropic.claude-sonnet-4-5-v1:0", base="anthropic.claude-sonnet-4-5-v1:0"),
        "input": Body(state=BodyState.PRESENT, shape="converse"),
        "output": Body(state=BodyState.PRESENT, shape="converse"),
        "parts": parts,
    }
    return InvocationRecord(**{**plain, **more})


def an_exchange(*parts: Part) -> Exchange:
    """The newest exchange of a record with these parts."""
    return exchanges(a_record(*parts))[-1]


def a_finding(**more: Any) -> Finding:
    """A stored violation, open."""
    plain: dict[str, Any] = {
        "id": derived_id("v", "a finding"),
        "verdict": Verdict.VIOLATION,
        "clause": "disinformation",
        "severity": Severity.HIGH,
        "account": ACCOUNT,
        "region": "eu-central-1",
        "principal": ROLE_ARN,
        "attribution": Attribution.VERIFIED,
        "first_seen": NOON,
        "last_seen": NOON,
        "evidence": Evidence(object="day.json.gz", line=1, request_id="req-1"),
        "policy_version": "2023-09-28+test",
        "engine_version": "0.0.0",
        "detector": "clause",
        "score": 0.9,
        "title": "Asked for disinformation",
    }
    return Finding(**{**plain, **more})


def an_occurrence(finding: Finding, *, request_id: str = "req-1", **more: Any) -> Occurrence:
    """The finding's matter coming up in one request."""
    plain: dict[str, Any] = {
        "id": occurrence_id(finding_id=finding.id, identity=request_id),
        "finding_id": finding.id,
        "identity": request_id,
        "request_id": request_id,
        "at": NOON,
        "object": "day.json.gz",
        "line": 1,
    }
    return Occurrence(**{**plain, **more})


def an_observation(*, request_id: str = "req-1", **more: Any) -> Observation:
    """A finding with one occurrence, as the route hands it to a store."""
    finding = a_finding(**more)
    return Observation(finding=finding, occurrence=an_occurrence(finding, request_id=request_id))


def a_match(**more: Any) -> Match:
    """A prohibition that a clause saw."""
    plain: dict[str, Any] = {
        "rule": "disinformation",
        "clause": "disinformation",
        "severity": Severity.MEDIUM,
        "score": 0.9,
        "spans": (Span(location="/input/inputBodyJson/messages/0/content/0/text", start=0, end=5),),
        "title": "Asked for disinformation",
        "explanation": ("The ask wants something false to be believed.",),
    }
    return Match(**{**plain, **more})


def a_use_case(use_case_id: str = "loan-desk", **more: Any) -> UseCase:
    """A complete use case for lending by `role/helpdesk`, approved for the year around NOON."""
    plain: dict[str, Any] = {
        "purpose": "Draft credit memos for loan officers",
        "owner": "lending@example.com",
        "domains": (Domain.LENDING,),
        "who": Who(principals=("role/helpdesk",)),
        "risk_evaluation": RiskEvaluation(reference="RISK-7", date=date(2026, 2, 1), by="risk office"),
        "human_oversight": HumanOversight(description="A loan officer decides"),
        "testing": Testing(reference="TEST-3", date=date(2026, 2, 14)),
        "status": UseCaseStatus.APPROVED,
        "approver": "board@example.com",
        "approved_at": date(2026, 3, 1),
        "expires_at": date(2027, 2, 28),
    }
    return UseCase(id=use_case_id, **{**plain, **more})


def a_suppression(suppression_id: str = "s-1", **more: Any) -> Suppression:
    """Silence about disinformation by ROLE_ARN, from the day before NOON to the day after."""
    plain: dict[str, Any] = {
        "clause": "disinformation",
        "reason": "red team exercise",
        "owner": "ann",
        "created_at": NOON - timedelta(days=1),
        "expires_at": NOON + timedelta(days=1),
        "principal": ROLE_ARN,
    }
    return Suppression(id=suppression_id, **{**plain, **more})


def a_context(*use_cases: UseCase, **more: Any) -> Context:
    """What a verdict depends on: these use cases, no suppressions, nothing used today."""
    plain: dict[str, Any] = {
        "registry": Registry(use_cases=use_cases),
        "suppressions": (),
        "policy_version": "2023-09-28+test",
        "engine_version": "0.0.0",
        "now": NOON,
        "origin": Origin.LIVE,
        "uses_on": lambda _use_case, _day: 0,
    }
    return Context(**{**plain, **more})
