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
        if type(message) is not dict:
            reading.walk(message, f"{at}/{turn}", role=USER, turn=turn)
            continue
        role = plain_speaker(message) if len(message) == 2 else None
        if role is None:
            read(message, f"{at}/{turn}", reading, turn)
        elif type(message["content"]) is str:
            parts.append(Part(role, direction, TEXT, message["content"], f"{at}/{turn}/content", 0, turn))
        else:
            text = message["content"][0]["text"]
            parts.append(Part(role, direction, TEXT, text, f"{at}/{turn}/content/0/text", 0, turn))


def plain_speaker(message: dict[str, Any]) -> Role | None:
    """Who speaks, if a message of two members holds nothing but a text; what may be thought aloud is not plain."""
    text = message.get("content")
    if type(text) is list:
        if len(text) != 1 or type(text[0]) is not dict:
            return None
        block = text[0]
        if len(block) > 2 or (len(block) == 2 and block.get("type") != "text"):
            return None
        text = block.get("text")
    if not text or type(text) is not str:
        return None
    role = message.get("role")
    return USER if role == "user" else ASSISTANT if role == "assistant" and "<" not in text else None
