"""Tells a reading what one speaker says in one turn, so that readers of messages need not repeat who it is."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT, TEXT, TOOL, TOOL_ARGUMENTS
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role


class Speaker:
    """Who speaks, in which turn, and in which of several answers."""

    __slots__ = ("answer", "reading", "role", "turn")

    def __init__(self, reading: Reading, role: Role, turn: int, *, answer: int = 0) -> None:
        self.reading = reading
        self.role = role
        self.turn = turn
        self.answer = answer

    def say(self, value: Any, at: str, *, kind: PartKind = TEXT, offset: int = 0) -> None:
        """One text, as it stands."""
        self.reading.say(value, at, role=self.role, turn=self.turn, kind=kind, offset=offset, answer=self.answer)

    def say_text(self, value: Any, at: str) -> None:
        """One text, an assistant's reasoning told from its answer, a tool's JSON looked into."""
        if self.role is ASSISTANT and type(value) is str:
            for thought in thoughts(value):
                self.say(thought.text, at, kind=thought.kind, offset=thought.offset)
        elif self.role is TOOL:
            self.say_json(value, at, kind=TEXT)
        else:
            self.say(value, at)

    def say_json(self, value: Any, at: str, *, kind: PartKind = TOOL_ARGUMENTS, skip: Set[str] = frozenset()) -> None:
        """JSON that belongs to the conversation, or a string that holds some."""
        self.reading.say_json(value, at, role=self.role, turn=self.turn, kind=kind, answer=self.answer, skip=skip)

    def show(self, value: Any, at: str, *, kind: str) -> None:
        """An image, document, video or sound."""
        show_source(value, at, self.reading, kind=kind, role=self.role, turn=self.turn)

    def rest(self, container: dict[str, Any], read: Set[str], at: str, *, words: Set[str] = frozenset()) -> None:
        """What nobody has read of an object."""
        self.reading.rest(container, read, at, role=self.role, turn=self.turn, answer=self.answer, words=words)
