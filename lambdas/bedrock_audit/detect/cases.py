"""Turns a clause's cases into exchanges and says which of them the clause judges otherwise than it should."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bedrock_audit.detect.bare_record import bare_record
from bedrock_audit.detect.detector import Detector
from bedrock_audit.detect.match import Match
from bedrock_audit.exchanges import Exchange, exchanges
from bedrock_audit.located import nearest
from bedrock_audit.policy.clause_file import Case
from bedrock_audit.policy.compiling import ReadClause
from bedrock_audit.record import NO_TURN, Direction, Guardrail, InvocationRecord, Media, Part, PartKind, Role, Value

MUST_MATCH, MUST_NOT_MATCH = "must-match", "must-not-match"
USUAL_MODEL = "anthropic.claude-sonnet-4-5-v1:0"
USUAL_IMAGE_MODEL = "amazon.nova-canvas-v1:0"
_IMAGE_KINDS = frozenset({"image-prompt", "video-prompt", "negative-prompt"})
_FRAMES = frozenset({Role.SYSTEM, Role.TOOL_DEFINITION})


class Outcome(Value, frozen=True):
    """How a case came out.

    `section` and `position` say which case it is, `rules` which rules of its clause hold, `others` which other clauses
    match; `trouble` says what is wrong, empty if it is as it should be.
    """

    case: Case
    section: str
    position: int
    rules: tuple[str, ...]
    others: tuple[str, ...]
    trouble: str


def outcomes(read: ReadClause, detector: Detector) -> Iterator[Outcome]:
    """Every case of the clause, judged by the whole policy of the detector."""
    cases = read.file.cases
    for section, group in ((MUST_MATCH, cases.must_match), (MUST_NOT_MATCH, cases.must_not_match)):
        for position, case in enumerate(group):
            _refuse_half_a_case(case, section, position, read)
            found, record = exchanges_of(case)
            matches = [match for one in found for match in detector.matches(one, record)]
            own = [match for match in matches if match.rule == read.id]
            rules = tuple(rule for one in found for rule in detector.rules_holding(one, record, read.id))
            yield Outcome(
                case=case,
                section=section,
                position=position,
                rules=rules,
                others=tuple({match.rule for match in matches if match.rule != read.id}),
                trouble=_trouble(case, own, section) or _missing_rule(case, rules),
            )


def _refuse_half_a_case(case: Case, section: str, position: int, read: ReadClause) -> None:
    pieces = [case.system, case.document, case.tool, case.ask, case.answer]
    if (case.text is None) == all(piece is None for piece in pieces):
        read.located.refuse(
            "a case has a text, or pieces of an exchange (system, document, tool, ask, answer)",
            "cases",
            section,
            position,
        )
    if section == MUST_NOT_MATCH and not case.why:
        read.located.refuse("a case that must not match says why", "cases", section, position)
    if case.rule is not None and case.rule not in read.file.rules:
        message = f"there is no rule {case.rule!r}{nearest(case.rule, list(read.file.rules))}"
        read.located.refuse(message, "cases", section, position, "rule")
    if section == MUST_NOT_MATCH and (case.rule is not None or case.disposition is not None):
        read.located.refuse("rule and disposition are asked of what must match", "cases", section, position)


def _missing_rule(case: Case, rules: Sequence[str]) -> str:
    return f"rule {case.rule} does not hold" if case.rule and case.rule not in rules else ""


def _trouble(case: Case, found: Sequence[Match], section: str) -> str:
    if section == MUST_NOT_MATCH:
        return "matches" if found else ""
    if not found:
        return "does not match"
    dispositions = {match.disposition for match in found}
    if case.disposition is not None and case.disposition not in dispositions:
        return f"is taken for {', '.join(sorted(dispositions))}, not {case.disposition}"
    return ""


def record_of(case: Case) -> InvocationRecord:
    """The smallest invocation in which the case's texts come as the case says."""
    return bare_record(
        _parts(case),
        model=case.model or (USUAL_IMAGE_MODEL if case.kind in _IMAGE_KINDS else USUAL_MODEL),
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
