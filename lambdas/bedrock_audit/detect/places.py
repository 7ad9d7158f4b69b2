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


NOWHERE: frozenset[Place] = frozenset()


def places(part: Part, *, is_prefill: bool = False) -> frozenset[Place]:
    """Every place the part is in; none for what is not language (parameters) or is not wanted (negative prompts)."""
    # Members of enums hash slowly, and every part of every record comes by here; there is one of each, so addresses do.
    shape = (id(part.role), id(part.direction), id(part.kind), is_prefill)
    found = _KNOWN.get(shape)
    if found is None:
        found = _KNOWN[shape] = _places(part, is_prefill)
    return found


_KNOWN: dict[tuple[int, int, int, bool], frozenset[Place]] = {}


def _places(part: Part, is_prefill: bool) -> frozenset[Place]:
    if part.kind in _NEVER:
        return NOWHERE
    if is_prefill:
        return frozenset({Place.PREFILL, Place.ANYWHERE})
    found = _BY_ROLE[Role.ASSISTANT] if part.direction is Direction.OUTPUT else _BY_ROLE[part.role]
    if part.kind in {PartKind.IMAGE_PROMPT, PartKind.VIDEO_PROMPT}:
        found |= {Place.IMAGE_PROMPT}
    return found
