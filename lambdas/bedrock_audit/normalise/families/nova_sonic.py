"""Reads Amazon Nova Sonic's events: what was typed and spoken, a turn for each of the conversation's content blocks."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.leaves import pointer
from bedrock_audit.normalise.media import payload
from bedrock_audit.normalise.noise import SCHEMA_NOISE
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import NO_TURN, Direction, Media, PartKind, Role

_READ = frozenset({"toolConfiguration"})
_CONTENT = frozenset({"content", "toolName"})
_TOOL_EVENTS = {
    "toolUse": (Role.ASSISTANT, PartKind.TOOL_ARGUMENTS),
    "toolResult": (Role.TOOL, PartKind.TEXT),
}
_CONTENT_EVENTS = frozenset({"textInput", "textOutput", "audioInput", "audioOutput", *_TOOL_EVENTS})
_WORDS = frozenset(
    {
        "promptName",
        "contentName",
        "contentId",
        "completionId",
        "sessionId",
        "voiceId",
        "mediaType",
        "audioType",
        "encoding",
        "toolChoice",
        "endpointingSensitivity",
        "additionalModelFields",
    }
)


class _Block:
    """A content block: who speaks, as which turn, and what came of it so far."""

    __slots__ = ("audio", "location", "role", "texts", "turn")

    def __init__(self, role: Role, turn: int, location: str) -> None:
        self.role = role
        self.turn = turn
        self.location = location
        self.texts: list[str] = []
        self.audio: int | None = None


class _Session:
    """The blocks of a session; the events of a block share its name."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._blocks: list[_Block] = []
        self._open: dict[str, _Block] = {}
        self._turn = reading.turn

    def add(self, kind: str, event: dict[str, Any], at: str) -> None:
        """One event, told apart by the name of its kind."""
        if kind == "contentStart":
            self._begin(_role(event), event, at)
        elif kind in {"textInput", "textOutput"}:
            self._text(event, at)
        elif kind in {"audioInput", "audioOutput"}:
            self._sound(event, at)
        elif kind in _TOOL_EVENTS:
            self._tool(kind, event, at)
        tools, place = event.get("toolConfiguration"), f"{at}/toolConfiguration"
        definition, text = Role.TOOL_DEFINITION, PartKind.TEXT
        self._reading.say_json(tools, place, role=definition, kind=text, skip=SCHEMA_NOISE)
        block = self._open.get(_name(event))
        role, turn = (block.role, block.turn) if block else (Role.UNKNOWN, NO_TURN)
        read = _READ | _CONTENT if kind in _CONTENT_EVENTS else _READ
        self._rest(event, at, read=read, role=role, turn=turn)

    def _rest(self, event: dict[str, Any], at: str, *, read: frozenset[str], role: Role, turn: int) -> None:
        """What is left of an event; configurations lie in one another."""
        nested = [key for key, value in event.items() if key.endswith("Configuration") and type(value) is dict]
        for key in nested:
            if key not in read:
                self._rest(event[key], f"{at}/{pointer(key)}", read=frozenset(), role=role, turn=turn)
        self._reading.rest(event, read.union(nested), at, role=role, turn=turn, words=_WORDS)

    def told(self) -> None:
        """Says every block; what the model finally spoke is an echo of what it announced it would say."""
        announced = ""
        for block in self._blocks:
            text = "".join(block.texts)
            self._say(block, text, is_echo=block.role is Role.ASSISTANT and text in announced)
            announced = "" if block.role is Role.USER else announced + text
            if block.audio is not None:
                self._reading.media.append(self._media(block, block.audio))
        self._reading.turns = self._turn

    def _begin(self, role: Role, event: dict[str, Any], at: str) -> _Block:
        block = _Block(role, NO_TURN if role is Role.SYSTEM else self._turn, at)
        self._turn += role is not Role.SYSTEM
        self._blocks.append(block)
        self._open[_name(event)] = block
        return block

    def _block(self, event: dict[str, Any], at: str) -> _Block:
        """The block the event belongs to; an event without one speaks for its side of the conversation."""
        side = Role.USER if self._reading.direction is Direction.INPUT else Role.ASSISTANT
        return self._open.get(_name(event)) or self._begin(side, event, at)

    def _text(self, event: dict[str, Any], at: str) -> None:
        block = self._block(event, at)
        content = event.get("content")
        if type(content) is str:
            block.location = block.location if block.texts else f"{at}/content"
            block.texts.append(content)
        else:
            self._reading.walk(content, f"{at}/content", role=block.role, turn=block.turn)

    def _sound(self, event: dict[str, Any], at: str) -> None:
        block = self._block(event, at)
        content = event.get("content")
        if type(content) is str and " " not in content:
            block.location = f"{at}/content" if block.audio is None else block.location
            block.audio = (block.audio or 0) + (payload(content).size or 0)
        else:
            self._reading.walk(content, f"{at}/content", role=block.role, turn=block.turn)

    def _tool(self, kind: str, event: dict[str, Any], at: str) -> None:
        role, kind_of_part = _TOOL_EVENTS[kind]
        turn = self._block(event, at).turn
        for key in ("toolName", "content"):
            self._reading.say_json(event.get(key), f"{at}/{key}", role=role, turn=turn, kind=kind_of_part)

    def _say(self, block: _Block, text: str, *, is_echo: bool) -> None:
        """A transcript of the user's speech comes out of the model, but it was said to it."""
        direction = self._reading.direction
        if block.role is Role.USER:
            self._reading.direction = Direction.INPUT
        self._reading.say(text, block.location, role=block.role, turn=block.turn, is_echo=is_echo)
        self._reading.direction = direction

    def _media(self, block: _Block, size: int) -> Media:
        return Media(
            kind="audio",
            media_type="",
            size=size,
            where="inline",
            role=block.role,
            direction=self._reading.direction,
            location=block.location,
            turn=block.turn,
        )


def _role(event: dict[str, Any]) -> Role:
    """Nova 2 tells what the system types (`SYSTEM`) from what it has spoken (`SYSTEM_SPEECH`)."""
    role = event.get("role")
    return role_named(role.removesuffix("_SPEECH") if type(role) is str else role)


def _name(event: dict[str, Any]) -> str:
    return str(event.get("contentName") or event.get("contentId") or "")


def read(events: Any, reading: Reading) -> None:
    """A list of events, or one."""
    session = _Session(reading)
    for position, one in enumerate(events if type(events) is list else [events]):
        at = f"{reading.at}/{position}" if type(events) is list else reading.at
        event = one.get("event") if type(one) is dict else None
        if type(event) is not dict:
            reading.walk(one, at, turn=reading.turn)
            continue
        reading.rest(one, frozenset({"event"}), at, turn=reading.turn)
        for kind, detail in event.items():
            if type(detail) is dict:
                session.add(kind, detail, f"{at}/event/{pointer(kind)}")
            else:
                reading.walk(detail, f"{at}/event/{pointer(kind)}", turn=reading.turn)
    session.told()


_EVENTS = Shape(name="nova-sonic", keys=frozenset({"event"}), read=read)
FAMILY = Family(requests=(_EVENTS,), responses=(_EVENTS,), streams=(_EVENTS,))
