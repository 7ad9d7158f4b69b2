"""Reads a list of messages, the plain ones at once; knows what chat forms have in common, no more.

Nearly every message ever sent is a role and one text, and conversations send all of theirs again with every call: this
is where the time goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT, TEXT, USER
from bedrock_audit.record import Part, Role

ReadMessage = Callable[[dict[str, Any], str, Reading, int], None]


def read_messages(messages: Any, at: str, reading: Reading, *, read: ReadMessage) -> None:
    """Every message is a turn; `read` takes those that are more than plain text of the user's or assistant's."""
    if type(messages) is not list:
        reading.walk(messages, at, role=USER, turn=0)
        return
    reading.turns = len(messages)
    parts, direction = reading.parts, reading.direction
    for turn, message in enumerate(messages):
        role = plain_speaker(message) if type(message) is dict and len(message) == 2 else None
        if role is not None:
            content, step = message["content"], "content"
            if type(content) is list:
                content, step = content[0]["text"], "content/0/text"
            if content:
                parts.append(Part(role, direction, TEXT, content, f"{at}/{turn}/{step}", 0, turn))
        elif type(message) is dict:
            read(message, f"{at}/{turn}", reading, turn)
        elif message is not None:
            reading.walk(message, f"{at}/{turn}", role=USER, turn=turn)


def plain_speaker(message: dict[str, Any]) -> Role | None:
    """Who speaks, if a message of two members holds nothing but a text; what may be thought aloud is not plain."""
    name, content = message.get("role"), message.get("content")
    if type(content) is list:
        if len(content) != 1 or type(block := content[0]) is not dict:
            return None
        content = block.get("text")
        if len(block) != 1 and not (len(block) == 2 and block.get("type") == "text"):
            return None
    if type(content) is not str:
        return None
    if name == "user":
        return USER
    return ASSISTANT if name == "assistant" and not _may_think(content) else None


def _may_think(text: str) -> bool:
    """`<thinking>…</thinking>` and its kin; looking for one character is a hundred times faster than for two."""
    return "<" in text
