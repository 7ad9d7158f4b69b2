"""Reads a list of messages, the plain ones at once; knows what chat forms have in common, no more.

Nearly every message ever sent is a role and one text, and conversations send all of theirs again with every call: this
is where the time goes. What may hold reasoning (`<thinking>…`) is not plain; looking for one character in a text is a
hundred times faster than for two.
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
        if type(message) is dict:
            role = plain_speaker(message) if len(message) == 2 else None
            if role is None:
                read(message, f"{at}/{turn}", reading, turn)
                continue
            content = message["content"]
            if type(content) is str:
                parts.append(Part(role, direction, TEXT, content, f"{at}/{turn}/content", 0, turn))
            else:
                text = content[0]["text"]
                parts.append(Part(role, direction, TEXT, text, f"{at}/{turn}/content/0/text", 0, turn))
        elif message is not None:
            reading.walk(message, f"{at}/{turn}", role=USER, turn=turn)


def plain_speaker(message: dict[str, Any]) -> Role | None:
    """Who speaks, if a message of two members holds nothing but a text; what may be thought aloud is not plain."""
    content, name = message.get("content"), message.get("role")
    if type(content) is list:
        block = content[0] if len(content) == 1 else None
        if type(block) is not dict or not (len(block) == 1 or (len(block) == 2 and block.get("type") == "text")):
            return None
        content = block.get("text")
    if type(content) is not str or not content:
        return None
    if name == "user":
        return USER
    return ASSISTANT if name == "assistant" and "<" not in content else None
