"""Reads the items of OpenAI's Responses API: messages, reasoning, calls, results; knows no bodies or events."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.chat_message import read_content
from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.speaker import Speaker
from bedrock_audit.normalise.tools import read_tools
from bedrock_audit.record import NO_TURN, PartKind, Role

_CHECKS = ("pending_safety_checks", "acknowledged_safety_checks")
_CALLED = ("name", "arguments", "input", "code", "action", "actions", "queries", "query", "operation", "revised_prompt")
_RETURNED = ("output", "outputs", "results", "error", "logs")
_READ = frozenset({*_CALLED, *_RETURNED, *_CHECKS, "content", "summary", "reason", "result", "tools"})
_WORDS = frozenset(
    {
        *("server_label", "namespace", "container_id", "approval_request_id", "background", "quality", "size"),
        *("caller", "environment", "created_by", "fingerprint", "phase"),
    }
)


def read_item(item: Any, at: str, reading: Reading, *, turn: int, by: Role) -> None:
    """One item; `by` speaks where the item does not say who does. A bare string is a message."""
    if type(item) is not dict:
        reading.say(item, at, role=by, turn=turn)
        return
    role = role_named(item["role"]) if "role" in item else _speaker(item, by=by)
    speaker = Speaker(reading, role, NO_TURN if role is Role.SYSTEM else turn)
    if item.get("type") == "reasoning":
        speaker.say_json(item.get("content"), f"{at}/content", kind=PartKind.REASONING, skip=NOISE)
    else:
        read_content(item.get("content"), f"{at}/content", speaker)
    speaker.say_json(item.get("summary"), f"{at}/summary", kind=PartKind.REASONING, skip=NOISE)
    speaker.say(item.get("reason"), f"{at}/reason")
    _call(item, at, reading, turn=speaker.turn)
    read_tools(item.get("tools"), f"{at}/tools", reading)
    speaker.rest(item, _READ, at, words=_WORDS)


def _speaker(item: dict[str, Any], *, by: Role) -> Role:
    kind = item.get("type")
    if type(kind) is not str:
        return by
    if kind.endswith("_output"):
        return Role.TOOL
    return Role.ASSISTANT if kind == "reasoning" or kind.endswith(("_call", "_request")) else by


def _call(item: dict[str, Any], at: str, reading: Reading, *, turn: int) -> None:
    """What a tool was asked, and what it gave back."""
    caller, tool = Speaker(reading, Role.ASSISTANT, turn), Speaker(reading, Role.TOOL, turn)
    for key in _CALLED:
        caller.say_json(item.get(key), f"{at}/{key}", skip=NOISE)
    for key in _RETURNED:
        value = item.get(key)
        if type(value) is list:
            read_content(value, f"{at}/{key}", tool)
        else:
            tool.say_json(value, f"{at}/{key}", kind=PartKind.TEXT, skip=NOISE)
    for key in _CHECKS:
        tool.say_json(item.get(key), f"{at}/{key}", kind=PartKind.TEXT, skip=NOISE)
    tool.show(item.get("result"), f"{at}/result", kind="image")
