"""Reads the definitions of tools, which agents send with every call: the same ones in the same place are read once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from bedrock_audit.normalise.leaves import leaves
from bedrock_audit.normalise.noise import SCHEMA_NOISE
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import TEXT, TOOL_DEFINITION
from bedrock_audit.record import NO_TURN, Direction, Part

LONGEST_REMEMBERED = 64 * 1024
MOST_REMEMBERED = 64
"""Definitions of so many bytes, so many of them: 4 MB of JSON, and about as much of strings."""


def read_tools(tools: Any, at: str, reading: Reading, *, is_echo: bool = False) -> None:
    """The tools' names, descriptions and what their schemas say in words."""
    encoded = _encoded(tools) if type(tools) is list or type(tools) is dict else b""
    if 0 < len(encoded) <= LONGEST_REMEMBERED:
        reading.parts += _remembered(encoded, at, reading.direction, is_echo=is_echo)
    else:
        reading.say_json(tools, at, role=TOOL_DEFINITION, kind=TEXT, skip=SCHEMA_NOISE, is_echo=is_echo)


def _encoded(tools: Any) -> bytes:
    """The JSON again: writing it is ten times faster than looking for every string in it. Empty where it cannot be."""
    try:
        return msgspec.json.encode(tools)
    except (ValueError, OverflowError, RecursionError):
        return b""


@lru_cache(maxsize=MOST_REMEMBERED)
def _remembered(encoded: bytes, at: str, direction: Direction, *, is_echo: bool) -> tuple[Part, ...]:
    found = leaves(msgspec.json.decode(encoded), at, skip=SCHEMA_NOISE)
    return tuple(
        Part(TOOL_DEFINITION, direction, TEXT, leaf.text, leaf.location, 0, NO_TURN, 0, is_echo) for leaf in found
    )
