"""Turns a clause's cases into exchanges and says which of them the clause judges otherwise than it should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bedrock_audit.detect.detector import Detector
from bedrock_audit.detect.match import Match
from bedrock_audit.exchanges import Exchange, exchanges
from bedrock_audit.policy.clause_file import Case, ClauseFile
from bedrock_audit.record import (
    NO_TURN,
    Body,
    BodyState,
    Direction,
    Guardrail,
    InvocationRecord,
    Media,
    Model,
    Part,
    PartKind,
    Principal,
    Role,
    Source,
    Value,
)

USUAL_MODEL = "anthropic.claude-sonnet-4-5-v1:0"
USUAL_IMAGE_MODEL = "amazon.nova-canvas-v1:0"
_IMAGE_KINDS = frozenset({"image-prompt", "video-prompt", "negative-prompt"})
_FRAMES = frozenset({Role.SYSTEM, Role.TOOL_DEFINITION})


class Outcome(Value, frozen=True):
    """How a case came out: `trouble` says what is wrong, empty if it is as it should be."""

    case: Case
    must_match: bool
    matches: tuple[Match, ...]
    trouble: str


def outcomes(clause_id: str, file: ClauseFile, detector: Detector) -> Iterator[Outcome]:
    """Every case of the clause, judged by all rules of the detector's policy; only this clause's matches count."""
    for must_match, cases in ((True, file.cases.must_match), (False, file.cases.must_not_match)):
        for case in cases:
            record = record_of(case)
            found = tuple(
                match for one in exchanges(record) for match in detector.matches(one, record) if match.rule == clause_id
            )
            yield Outcome(case=case, must_match=must_match, matches=found, trouble=_trouble(case, found, must_match))


def _trouble(case: Case, found: tuple[Match, ...], must_match: bool) -> str:
    if must_match and not found:
        return "did not match"
    if not must_match and found:
        return f"matched by {found[0].explanation[0]}" if found[0].explanation else "matched"
    if must_match and case.disposition is not None and case.disposition not in {match.disposition for match in found}:
        return f"was taken for {found[0].disposition}, not {case.disposition}"
    return ""


def record_of(case: Case) -> InvocationRecord:
    """The smallest invocation in which the case's texts come as the case says."""
    return InvocationRecord(
        source=Source(object="case", line=1),
        identity="case",
        request_id="case",
        timestamp=datetime(2026, 1, 1, tzinfo=UTC),
        operation="Converse",
        account="",
        region="",
        principal=Principal(arn=""),
        model=Model(id=case.model or (USUAL_IMAGE_MODEL if case.kind in _IMAGE_KINDS else USUAL_MODEL)),
        input=Body(state=BodyState.PRESENT),
        output=Body(state=BodyState.PRESENT),
        parts=tuple(_parts(case)),
        media=_media(case),
        guardrail=Guardrail(intervened=True, policies=case.guardrail) if case.guardrail else None,
    )


def exchanges_of(case: Case) -> tuple[tuple[Exchange, ...], InvocationRecord]:
    """The case's exchanges with their record."""
    record = record_of(case)
    return exchanges(record), record


def _parts(case: Case) -> Iterator[Part]:
    if case.text is not None:
        yield _single(case)
        return
    spoken = ((Role.SYSTEM, case.system), (Role.DOCUMENT, case.document), (Role.TOOL, case.tool), (Role.USER, case.ask))
    for role, text in spoken:
        if text is not None:
            yield _part(text, role=role)
    if case.answer is not None:
        yield _part(case.answer, role=Role.ASSISTANT, direction=Direction.OUTPUT)


def _single(case: Case) -> Part:
    direction = Direction(case.direction)
    role = Role.ASSISTANT if direction is Direction.OUTPUT and case.role == "user" else Role(case.role)
    return _part(case.text or "", role=role, direction=direction, kind=PartKind(case.kind))


def _part(text: str, *, role: Role, direction: Direction = Direction.INPUT, kind: PartKind = PartKind.TEXT) -> Part:
    turn = NO_TURN if role in _FRAMES else 1 if direction is Direction.OUTPUT else 0
    return Part(role=role, direction=direction, kind=kind, text=text, location=f"/{role}", turn=turn)


def _media(case: Case) -> tuple[Media, ...]:
    if case.media is None:
        return ()
    item = Media(
        kind=case.media,
        media_type=case.media,
        size=None,
        where="inline",
        role=Role.USER,
        direction=Direction.INPUT,
        location="/media",
        turn=0,
    )
    return (item,)
