"""Joins the deltas of OpenAI's chat form per answer and tool call; knows nothing of other events."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.roles import ASSISTANT, REASONING, TEXT, TOOL_ARGUMENTS

_KINDS = {
    "reasoning_content": REASONING,
    "reasoning": REASONING,
    "reasoning_details": REASONING,
    "thinking": REASONING,
    "tool_plan": REASONING,
    "content": TEXT,
    "text": TEXT,
    "refusal": TEXT,
    "transcript": TEXT,
}
_NESTED = frozenset({"audio", "message", "delta"})
_DELTA = frozenset({*_KINDS, *_NESTED, "tool_calls", "function_call"})
_INNER = frozenset({"text"})
_CALL = frozenset({"function"})
_FUNCTION = ("name", "arguments")


class Around:
    """What stands around the deltas: the same in nearly every chunk, and to be read once for as long as it is."""

    def __init__(self) -> None:
        self._last: dict[int, dict[str, Any]] = {}

    def is_new(self, outer: dict[str, Any], *, inner: tuple[str, ...], of: int = -1) -> bool:
        """Whether the object but for its `inner` members differs from the last one (of the same answer)."""
        around = outer.copy()
        for key in inner:
            around.pop(key, None)
        if around == self._last.get(of):
            return False
        self._last[of] = around
        return True


class Deltas:
    """The deltas of several answers, each of which may say, think, refuse and call tools."""

    def __init__(self, reading: Reading, fragments: Fragments) -> None:
        self._reading = reading
        self._fragments = fragments

    def add(self, delta: Any, at: str, *, answer: int) -> None:
        """One `delta` (or `message`) of a choice; content may be a string or a list of blocks."""
        if type(delta) is dict:
            self._add_object(delta, at, answer=answer)
        elif type(delta) is list:
            for index, block in enumerate(delta):
                self.add(block, f"{at}/{index}", answer=answer)
        else:
            self._fragments.add((answer, "text"), delta, at, answer=answer)

    def _add_object(self, delta: dict[str, Any], at: str, *, answer: int) -> None:
        for key, value in delta.items():
            kind = _KINDS.get(key)
            if kind is None:
                self._add_member(key, value, f"{at}/{key}", answer=answer)
            elif type(value) is str:
                self._fragments.add((answer, key), value, f"{at}/{key}", kind=kind, answer=answer)
            elif kind is REASONING:
                self._add_thoughts(value, f"{at}/{key}", answer=answer)
            else:
                self.add(value, f"{at}/{key}", answer=answer)
        if not delta.keys() <= _DELTA:
            self._rest(delta, at, read=_DELTA, answer=answer)

    def _add_member(self, key: str, value: Any, at: str, *, answer: int) -> None:
        if value is None:
            return
        if key == "tool_calls":
            self._add_calls(value, at, answer=answer)
        elif key == "function_call":
            self._function(value, at, call=-1, answer=answer)
        elif key in _NESTED:
            self.add(value, at, answer=answer)

    def _add_thoughts(self, thoughts: Any, at: str, *, answer: int) -> None:
        """Reasoning that is no string: a list of text blocks."""
        for index, block in enumerate(thoughts if type(thoughts) is list else [thoughts]):
            place = f"{at}/{index}" if type(thoughts) is list else at
            text = block.get("text") if type(block) is dict else block
            self._fragments.add((answer, "thoughts"), text, f"{place}/text", kind=REASONING, answer=answer)
            if type(block) is dict:
                self._rest(block, place, read=_INNER, answer=answer)

    def _add_calls(self, calls: Any, at: str, *, answer: int) -> None:
        for position, call in enumerate(calls if type(calls) is list else [calls]):
            place = f"{at}/{position}" if type(calls) is list else at
            if type(call) is dict:
                index = whole(call.get("index"))
                number = position if index is None else index
                self._function(call.get("function"), f"{place}/function", call=number, answer=answer)
                self._rest(call, place, read=_CALL, answer=answer)
            else:
                self._fragments.add((answer, "call"), call, place, kind=TOOL_ARGUMENTS, answer=answer)

    def _function(self, function: Any, at: str, *, call: int, answer: int) -> None:
        if type(function) is not dict:
            self._fragments.add((answer, call), function, at, kind=TOOL_ARGUMENTS, answer=answer)
            return
        for key in _FUNCTION:
            kind = TOOL_ARGUMENTS
            self._fragments.add((answer, call, key), function.get(key), f"{at}/{key}", kind=kind, answer=answer)
        self._rest(function, at, read=frozenset(_FUNCTION), answer=answer)

    def _rest(self, container: dict[str, Any], at: str, *, read: Set[str], answer: int) -> None:
        self._reading.rest(container, read, at, role=ASSISTANT, turn=self._reading.turn, answer=answer)
