"""Reads a body no family knows: every string in it, labelled unknown and counted, so that none vanishes."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import FALLBACK, Direction, Role

NAME = FALLBACK


def read(body: Any, reading: Reading) -> None:
    """All strings in one turn; a response is the model's, who speaks in a request cannot be told."""
    reading.turns = 1
    role = Role.ASSISTANT if reading.direction is Direction.OUTPUT else Role.UNKNOWN
    reading.walk(body, reading.at, role=role, turn=reading.turn)
