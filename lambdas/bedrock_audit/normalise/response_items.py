"""Reads the items of OpenAI's Responses API: messages, reasoning, calls, results; knows no bodies or events."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.chat_message import Speaker, read_content
from bedrock_audit.normalise.chat_parameters import read_tools
from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import NO_TURN, PartKind, Role

_CALLED = ("name", "arguments", "input", "code", "action", "queries", "query", "operation")
_RETURNED = ("output", "outputs", "results", "error", "logs")
_READ = frozenset({*_CALLED, *_RETURNED, "content", "summary", "result", "tools"})
_WORDS = frozenset(
    {"server_label", "namespace", "container_id", "approval_request_id", "background", "quality", "size"}
)


def read_item(item: Any, at: str, reading: Reading, *, turn: int, by: Role) -> None:
    """One item; `by` speaks where the item does not say who does. A bare string is a message."""
    if type(item) is not dict:
        reading.say(item, at, role=by, turn=turn)
        return
    role = role_named(item["role"]) if "role" in item else _speaker(item, by=by)
    turn = NO_TURN if role is Role.SYSTEM else turn
    if item.get("type") == "reasoning":
        place = f"{at}/content"
        reading.say_json(item.get("content"), place, role=role, turn=turn, kind=PartKind.REASONING, skip=NOISE)
    else:
        read_content(item.get("content"), f"{at}/content", reading, speaker=Speaker(role, turn))
    summary = f"{at}/summary"
    reading.say_json(item.get("summary"), summary, role=role, turn=turn, kind=PartKind.REASONING, skip=NOISE)
    _call(item, at, reading, turn=turn)
    read_tools(item.get("tools"), f"{at}/tools", reading)
    reading.rest(item, _READ, at, role=role, turn=turn, words=_WORDS)


def _speaker(item: dict[str, Any], *, by: Role) -> Role:
    kind = item.get("type")
    if type(kind) is not str:
        return by
    if kind.endswith("_output"):
        return Role.TOOL
    return Role.ASSISTANT if kind == "reasoning" or kind.endswith(("_call", "_request")) else by


def _call(item: dict[str, Any], at: str, reading: Reading, *, turn: int) -> None:
    """What a tool was asked, and what it gave back."""
    for key in _CALLED:
        reading.say_json(item.get(key), f"{at}/{key}", role=Role.ASSISTANT, turn=turn, skip=NOISE)
    for key in _RETURNED:
        value, place = item.get(key), f"{at}/{key}"
        if type(value) is list:
            for index, block in enumerate(value):
                read_content(block, f"{place}/{index}", reading, speaker=Speaker(Role.TOOL, turn))
        else:
            reading.say_json(value, place, role=Role.TOOL, turn=turn, kind=PartKind.TEXT, skip=NOISE)
    show_source(item.get("result"), f"{at}/result", reading, kind="image", role=Role.TOOL, turn=turn)
