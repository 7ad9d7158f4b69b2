"""Builders of values for tests: each takes only what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bedrock_audit.exchanges import Exchange, exchanges
from bedrock_audit.finding import (
    Attribution,
    Evidence,
    Finding,
    Observation,
    Occurrence,
    Severity,
    Verdict,
    derived_id,
    occurrence_id,
)
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
