"""Says which parts of an exchange a place of a clause means."""

from __future__ import annotations

from bedrock_audit.policy.clause import Place
from bedrock_audit.record import Direction, Part, PartKind, Role

_NEVER = frozenset({PartKind.NEGATIVE_PROMPT, PartKind.PARAMETER})
_ASKED = frozenset({Place.ASKED, Place.ANYWHERE})
_BY_ROLE = {
    Role.USER: _ASKED | {Place.USER},
    Role.UNKNOWN: _ASKED | {Place.USER},
    Role.TOOL: _ASKED | {Place.TOOL},
    Role.DOCUMENT: _ASKED | {Place.DOCUMENT},
    Role.SYSTEM: frozenset({Place.SYSTEM, Place.ANYWHERE}),
    Role.ASSISTANT: frozenset({Place.ANSWER, Place.ANYWHERE}),
    Role.TOOL_DEFINITION: frozenset({Place.TOOL_DEFINITION}),
}


def places(part: Part, *, is_prefill: bool = False) -> frozenset[Place]:
    """Every place the part is in; none for what is not language (parameters) or is not wanted (negative prompts)."""
    if part.kind in _NEVER:
        return frozenset()
    if is_prefill:
        return frozenset({Place.PREFILL, Place.ANYWHERE})
    found = _BY_ROLE[Role.ASSISTANT] if part.direction is Direction.OUTPUT else _BY_ROLE[part.role]
    if part.kind in {PartKind.IMAGE_PROMPT, PartKind.VIDEO_PROMPT}:
        found |= {Place.IMAGE_PROMPT}
    return found
