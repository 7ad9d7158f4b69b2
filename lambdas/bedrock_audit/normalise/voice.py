"""Who says something in a body, and reading what they say block by block; knows no form of block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import NO_TURN, Role, Value


class Voice(Value, frozen=True):
    """Who says a block, and in which turn."""

    role: Role
    turn: int = NO_TURN


ReadBlock = Callable[[dict[str, Any], str, Reading, Voice], None]


def read_blocks(content: Any, at: str, reading: Reading, *, voice: Voice, read: ReadBlock) -> None:
    """A list of blocks and strings mixed; a bare string or a single block where a list belongs is read like one."""
    if type(content) is str:
        reading.say(content, at, role=voice.role, turn=voice.turn)
        return
    if type(content) is not list:
        _read_one(content, at, reading, voice=voice, read=read)
        return
    for index, block in enumerate(content):
        _read_one(block, f"{at}/{index}", reading, voice=voice, read=read)


def _read_one(block: Any, at: str, reading: Reading, *, voice: Voice, read: ReadBlock) -> None:
    if type(block) is dict:
        read(block, at, reading, voice)
    else:
        reading.say(block, at, role=voice.role, turn=voice.turn)
