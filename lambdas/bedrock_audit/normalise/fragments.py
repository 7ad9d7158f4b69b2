"""Joins the fragments of a streamed answer per index before anything looks at them; knows no event names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from bedrock_audit.normalise.prompt_markup import Thought
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT, TEXT, TOOL_ARGUMENTS
from bedrock_audit.record import PartKind, Role


class _Run:
    __slots__ = ("answer", "kind", "location", "texts")

    def __init__(self, location: str, kind: PartKind, answer: int) -> None:
        self.location = location
        self.kind = kind
        self.answer = answer
        self.texts: list[str] = []


class Fragments:
    """Texts that come in pieces, several at a time: pieces with the same key belong together.

    `split` tells reasoning from what is said in a joined text, for models that put both into one. `begun` is the
    reader's: how many blocks were announced so far.
    """

    def __init__(
        self,
        reading: Reading,
        *,
        role: Role = ASSISTANT,
        split: Callable[[str], Iterable[Thought]] | None = None,
    ) -> None:
        self._reading = reading
        self._role = role
        self._split = split
        self.begun = 0
        self._runs: dict[Hashable, _Run] = {}

    def add(self, key: Hashable, value: Any, location: str, *, kind: PartKind = TEXT, answer: int = 0) -> None:
        """One piece. What is no string is said at once, as unknown."""
        if type(value) is not str:
            self._reading.say(value, location, role=self._role, turn=self._reading.turn, answer=answer)
        elif value:
            run = self._runs.get(key)
            if run is None:
                run = self._runs[key] = _Run(location, kind, answer)
            run.texts.append(value)

    def pieces(self, key: Hashable) -> list[str] | None:
        """The pieces of a text that has begun, to add more to."""
        run = self._runs.get(key)
        return run.texts if run else None

    def told(self) -> None:
        """Says every joined text, in the order in which they began, located at their first pieces."""
        for run in self._runs.values():
            text = "".join(run.texts)
            if self._split is not None and run.kind is TEXT:
                for thought in self._split(text):
                    self._say(thought.text, run, kind=thought.kind, offset=thought.offset)
            else:
                self._say(text, run, kind=run.kind)

    def _say(self, text: str, run: _Run, *, kind: PartKind, offset: int = 0) -> None:
        turn, answer = self._reading.turn, run.answer
        if kind is TOOL_ARGUMENTS:
            self._reading.say_json(text, run.location, role=self._role, turn=turn, kind=kind, answer=answer)
        else:
            self._reading.say(text, run.location, role=self._role, turn=turn, kind=kind, offset=offset, answer=answer)
