"""Reads a list of messages, the plain ones at once; knows what chat forms have in common, no more.

Nearly every message ever sent is a role and one text, and conversations send all of theirs again with every call: this
is where the time goes. What may hold reasoning (`<thinking>…`) is not plain; looking for one character in a text is a
hundred times faster than for two.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT, SYSTEM, TEXT, USER
from bedrock_audit.record import NO_TURN, Part, Role

_SPEAKERS = {"user": USER, "assistant": ASSISTANT, "system": SYSTEM, "developer": SYSTEM}
_NOT_PLAIN = (LookupError, TypeError, ValueError)

ReadMessage = Callable[[dict[str, Any], str, Reading, int], None]


def read_messages(messages: Any, at: str, reading: Reading, *, read: ReadMessage) -> None:
    """Every message is a turn (a system message frames them); `read` takes those that are more than plain text."""
    if type(messages) is not list:
        reading.walk(messages, at, role=USER, turn=0)
        return
    reading.turns = len(messages)
    keep, direction = reading.parts.append, reading.direction
    for turn, message in enumerate(messages):
        try:
            # Without a call for each message, which would cost more than the message; `plain_speaker` says the same.
            content, speaker = message["content"], _SPEAKERS[message["role"]]
            text, place = content, "content"
            if type(content) is not str:
                (block,) = content
                text, place = block["text"], "content/0/text"
                if len(block) > 1 and (len(block) > 2 or block["type"] != "text"):
                    text = None
            if text and type(text) is str and len(message) == 2 and (speaker is not ASSISTANT or "<" not in text):
                frame = NO_TURN if speaker is SYSTEM else turn
                keep(Part(speaker, direction, TEXT, text, f"{at}/{turn}/{place}", 0, frame))
                continue
        except _NOT_PLAIN:
            pass
        if type(message) is dict:
            read(message, f"{at}/{turn}", reading, turn)
        else:
            reading.walk(message, f"{at}/{turn}", role=USER, turn=turn)


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
