"""Judges one text by itself, as a prompt, an answer or a system prompt that nothing else is known of."""

from __future__ import annotations

from typing import Literal

from bedrock_audit.detect.bare_record import bare_record
from bedrock_audit.detect.detector import Detector
from bedrock_audit.detect.match import Match
from bedrock_audit.exchanges import exchanges
from bedrock_audit.policy.compiled import Policy
from bedrock_audit.record import NO_TURN, Direction, Part, PartKind, Role, Value

CONSEQUENTIAL = "consequential"
"""How the score of a domain is named: `consequential:lending`."""

_ROLES = {"prompt": Role.USER, "completion": Role.ASSISTANT}
_DIRECTIONS = {"prompt": Direction.INPUT, "completion": Direction.OUTPUT}


class SingleText(Value, frozen=True):
    """A text to judge; `role` and `direction` say who says it and which way (`prompt` and `completion` will do)."""

    text: str
    id: str | int | None = None
    role: (
        Literal["user", "system", "assistant", "tool", "document", "tool-definition", "prompt", "completion"] | None
    ) = None
    direction: Literal["input", "output", "prompt", "completion"] | None = None


class Seen(Value, frozen=True, omit_defaults=True):
    """One match of a single text: spans are characters of the text."""

    clause: str
    score: float
    tier: str
    spans: tuple[tuple[int, int], ...]
    domain: str | None = None


class Judged(Value, frozen=True):
    """What is seen in a text, and a score from 0 to 1 for every clause (and `consequential:DOMAIN`)."""

    matches: tuple[Seen, ...]
    scores: dict[str, float]


def judged(given: SingleText, detector: Detector) -> Judged:
    """The matches and scores of the text."""
    record = bare_record([_part(given)])
    found = [match for one in exchanges(record) for match in detector.matches(one, record)]
    return Judged(matches=tuple(map(_seen, found)), scores=_scores(found, detector.policy))


def _scores(found: list[Match], policy: Policy) -> dict[str, float]:
    scores: dict[str, float] = {}
    for clause in policy.clauses:
        scores.setdefault(clause.clause, 0.0)
        if clause.domain:
            scores[f"{CONSEQUENTIAL}:{clause.domain}"] = 0.0
    for match in found:
        scores[match.clause] = max(scores[match.clause], match.score)
        if match.domain:
            name = f"{CONSEQUENTIAL}:{match.domain}"
            scores[name] = max(scores[name], match.score)
    return scores


def _seen(match: Match) -> Seen:
    spans = tuple((span.start, span.end) for span in match.spans)
    return Seen(clause=match.clause, score=match.score, tier=match.tier, spans=spans, domain=match.domain)


def _part(given: SingleText) -> Part:
    role = _ROLES.get(given.role or "") or Role(given.role or _usual_role(given))
    direction = _DIRECTIONS.get(given.direction or "") or Direction(given.direction or _usual_direction(role))
    is_frame = role in {Role.SYSTEM, Role.TOOL_DEFINITION}
    turn = NO_TURN if is_frame else 1 if direction is Direction.OUTPUT else 0
    return Part(role=role, direction=direction, kind=PartKind.TEXT, text=given.text, location="/text", turn=turn)


def _usual_role(given: SingleText) -> Role:
    is_output = _DIRECTIONS.get(given.direction or "", given.direction) == Direction.OUTPUT
    return Role.ASSISTANT if is_output else Role.USER


def _usual_direction(role: Role) -> Direction:
    return Direction.OUTPUT if role is Role.ASSISTANT else Direction.INPUT
