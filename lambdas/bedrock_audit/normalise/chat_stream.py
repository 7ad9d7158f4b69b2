"""Joins the deltas of OpenAI's chat form per answer and tool call; knows nothing of other events."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.record import PartKind, Role

_KINDS = {
    "reasoning_content": PartKind.REASONING,
    "reasoning": PartKind.REASONING,
    "thinking": PartKind.REASONING,
    "tool_plan": PartKind.REASONING,
    "content": PartKind.TEXT,
    "text": PartKind.TEXT,
    "refusal": PartKind.TEXT,
    "transcript": PartKind.TEXT,
}
_TEXTS = frozenset(_KINDS)
_NESTED = ("audio", "message", "delta")
_DELTA = frozenset({*_TEXTS, *_NESTED, "tool_calls", "function_call"})
_INNER = frozenset({"text"})
_CALL = frozenset({"function"})
_FUNCTION = frozenset({"name", "arguments"})


class Deltas:
    """The deltas of several answers, each of which may say, think, refuse and call tools."""

    def __init__(self, reading: Reading, fragments: Fragments) -> None:
        self._reading = reading
        self._fragments = fragments

    def add(self, delta: Any, at: str, *, answer: int) -> None:
        """One `delta` (or `message`) of a choice; content may be a string or a list of blocks."""
        if type(delta) is list:
            for index, block in enumerate(delta):
                self.add(block, f"{at}/{index}", answer=answer)
        elif type(delta) is not dict:
            self._fragments.add((answer, "text"), delta, at, answer=answer)
        else:
            self._add_object(delta, at, answer=answer)

    def _add_object(self, delta: dict[str, Any], at: str, *, answer: int) -> None:
        for key, kind in _KINDS.items():
            self._add_text(delta.get(key), f"{at}/{key}", kind=kind, answer=answer)
        for key in _NESTED:
            if delta.get(key) is not None:
                self.add(delta[key], f"{at}/{key}", answer=answer)
        for position, call in self._reading.objects(delta, "tool_calls", at, role=Role.ASSISTANT):
            index = whole(call.get("index"))
            place = f"{at}/tool_calls/{position}"
            self._function(
                call.get("function"), f"{place}/function", call=position if index is None else index, answer=answer
            )
            self._rest(call, place, read=_CALL, answer=answer)
        self._function(delta.get("function_call"), f"{at}/function_call", call=-1, answer=answer)
        self._rest(delta, at, read=_DELTA, answer=answer)

    def _add_text(self, value: Any, at: str, *, kind: PartKind, answer: int) -> None:
        if type(value) is list:
            for index, block in enumerate(value):
                if kind is PartKind.REASONING and type(block) is dict:
                    place = f"{at}/{index}"
                    self._fragments.add((answer, kind), block.get("text"), f"{place}/text", kind=kind, answer=answer)
                    self._rest(block, place, read=_INNER, answer=answer)
                else:
                    self.add(block, f"{at}/{index}", answer=answer)
        else:
            self._fragments.add((answer, at.rpartition("/")[2]), value, at, kind=kind, answer=answer)

    def _function(self, function: Any, at: str, *, call: int, answer: int) -> None:
        if type(function) is not dict:
            self._fragments.add((answer, call), function, at, kind=PartKind.TOOL_ARGUMENTS, answer=answer)
            return
        for key in ("name", "arguments"):
            kind = PartKind.TOOL_ARGUMENTS
            self._fragments.add((answer, call, key), function.get(key), f"{at}/{key}", kind=kind, answer=answer)
        self._rest(function, at, read=_FUNCTION, answer=answer)

    def _rest(self, container: dict[str, Any], at: str, *, read: frozenset[str], answer: int) -> None:
        self._reading.rest(container, read, at, role=Role.ASSISTANT, turn=self._reading.turn, answer=answer)
