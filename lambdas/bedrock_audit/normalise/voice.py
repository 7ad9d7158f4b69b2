"""Who says something in a body: what the readers of content blocks pass along."""

from __future__ import annotations

from bedrock_audit.record import NO_TURN, Role, Value


class Voice(Value, frozen=True):
    """Who says a block, and in which turn."""

    role: Role
    turn: int = NO_TURN
