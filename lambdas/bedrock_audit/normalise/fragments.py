"""Joins the fragments of a streamed answer per index before anything looks at them; knows no event names."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import PartKind, Role


class _Run:
    __slots__ = ("answer", "kind", "location", "texts")

    def __init__(self, location: str, kind: PartKind, answer: int) -> None:
        self.location = location
        self.kind = kind
        self.answer = answer
        self.texts: list[str] = []


class Fragments:
    """Texts that come in pieces, several at a time: pieces with the same key belong together."""

    def __init__(self, reading: Reading, *, role: Role = Role.ASSISTANT) -> None:
        self._reading = reading
        self._role = role
        self._runs: dict[Hashable, _Run] = {}

    def add(self, key: Hashable, value: Any, location: str, *, kind: PartKind = PartKind.TEXT, answer: int = 0) -> None:
        """One piece. What is no string is said at once, as unknown."""
        if type(value) is not str:
            self._reading.say(value, location, role=self._role, turn=self._reading.turn, answer=answer)
        elif value:
            run = self._runs.get(key)
            if run is None:
                run = self._runs[key] = _Run(location, kind, answer)
            run.texts.append(value)

    def told(self) -> None:
        """Says every joined text, in the order in which they began, located at their first pieces."""
        for run in self._runs.values():
            say = self._reading.say_json if run.kind is PartKind.TOOL_ARGUMENTS else self._reading.say
            say(
                "".join(run.texts),
                run.location,
                role=self._role,
                turn=self._reading.turn,
                kind=run.kind,
                answer=run.answer,
            )
