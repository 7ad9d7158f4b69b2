"""Reads a list of messages, the plain ones at once; knows what chat forms have in common, no more.

Nearly every message ever sent is a role and one text, and conversations send all of theirs again with every call: this
is where the time goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import Part, PartKind, Role

ReadMessage = Callable[[dict[str, Any], str, Reading, int], None]


def read_messages(messages: Any, at: str, reading: Reading, *, read: ReadMessage) -> None:
    """Every message is a turn; `read` takes those that are more than plain text of the user's or assistant's."""
    if type(messages) is not list:
        reading.walk(messages, at, role=Role.USER, turn=0)
        return
    reading.turns = len(messages)
    parts, direction = reading.parts, reading.direction
    for turn, message in enumerate(messages):
        text, step = _plain_text(message) if type(message) is dict and len(message) == 2 else (None, "")
        if text is not None:
            role = Role.USER if message["role"] == "user" else Role.ASSISTANT
            if text:
                parts.append(Part(role, direction, PartKind.TEXT, text, f"{at}/{turn}{step}", 0, turn))
        elif type(message) is dict:
            read(message, f"{at}/{turn}", reading, turn)
        elif message is not None:
            reading.walk(message, f"{at}/{turn}", role=Role.USER, turn=turn)


def _plain_text(message: dict[str, Any]) -> tuple[str | None, str]:
    """The text of a message that is nothing else, and the way to it; what may be thought aloud is not plain."""
    role, content, step = message.get("role"), message.get("content"), "/content"
    if type(content) is list and len(content) == 1 and type(content[0]) is dict:
        block = content[0]
        is_only_text = len(block) == 1 or (len(block) == 2 and block.get("type") == "text")
        content, step = block.get("text") if is_only_text else None, "/content/0/text"
    if type(content) is str and (role == "user" or (role == "assistant" and not _may_think(content))):
        return content, step
    return None, ""


def _may_think(text: str) -> bool:
    """`<thinking>…</thinking>` and its kin; some models leave out the opening."""
    return "</" in text or text.lstrip().startswith("<")
