"""Reads YAML into plain data, every scalar as the text that was written, with the line of every key and value.

Reads the parser's events and not its trees: the C library that builds those overruns its stack on deep nesting, and the
one in Python is ten times slower.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import yaml

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.record import Value

Step = str | int
Path = tuple[Step, ...]

DEEPEST = 40
LARGEST = 2_000_000
"""Characters or bytes of a file; nobody writes rules of more by hand."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_MISSING = object()


class Document(Value, frozen=True):
    """One document: its data without keys that have no value, and the line of each value and key by path, from 1."""

    data: Any
    lines: dict[Path, int]
    key_lines: dict[Path, int]


def documents(text: str | bytes, *, source: str) -> Iterator[Document]:
    """Every document of the text; raises ConfigurationError with its line for what is no YAML or is not read here."""
    if len(text) > LARGEST:
        raise ConfigurationError(f"this is larger than {LARGEST:,} bytes", source=source)
    building = _Building(source)
    for event in _events(text, source=source):
        if isinstance(event, yaml.DocumentEndEvent):
            yield Document(data=building.data, lines=building.lines, key_lines=building.key_lines)
            building = _Building(source)
        else:
            building.take(event)


def _events(text: str | bytes, *, source: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line + 1, _count_lines(text)) if mark else None
        raise ConfigurationError(f"this is no YAML: {error.problem}", source=source, line=line) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise ConfigurationError("this is no text in UTF-8", source=source) from error


class _Inside:
    """A mapping or list that is being read: where it is, what it holds so far, the key whose value comes next."""

    def __init__(self, path: Path, data: dict[str, Any] | list[Any]) -> None:
        self.path = path
        self.data = data
        self.key: str | None = None
        self.keys: set[str] = set()

    def expects_key(self) -> bool:
        return isinstance(self.data, dict) and self.key is None

    def next_path(self) -> Path:
        return (*self.path, len(self.data) if self.key is None else self.key)

    def add(self, value: Any) -> None:
        if isinstance(self.data, list):
            self.data.append(None if value is _MISSING else value)
        elif self.key is not None:
            if value is not _MISSING:
                self.data[self.key] = value
            self.key = None


class _Building:
    """One document as it grows."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.data: Any = None
        self.lines: dict[Path, int] = {}
        self.key_lines: dict[Path, int] = {}
        self.open: list[_Inside] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(
                "anchors and aliases are not read here; write the value out, or quote text that begins with & or *",
                event,
            )
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.begin(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.open.pop()
            self.add(done.data)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        if self.open and self.open[-1].expects_key():
            self.key(event)
            return
        self.lines[self.path()] = _line(event)
        self.add(_MISSING if not event.style and event.value in _NULLS else event.value)

    def key(self, event: yaml.ScalarEvent) -> None:
        inside = self.open[-1]
        if event.value in inside.keys:
            self.refuse(f"{event.value!r} is given twice", event)
        inside.keys.add(event.value)
        inside.key = event.value
        self.key_lines[inside.next_path()] = _line(event)

    def begin(self, event: yaml.Event, data: dict[str, Any] | list[Any]) -> None:
        if self.open and self.open[-1].expects_key():
            self.refuse("a key must be a word", event)
        if len(self.open) >= DEEPEST:
            raise ConfigurationError("this is nested too deeply", source=self.source)
        path = self.path()
        self.lines[path] = _line(event)
        self.open.append(_Inside(path, data))

    def path(self) -> Path:
        return self.open[-1].next_path() if self.open else ()

    def add(self, value: Any) -> None:
        if self.open:
            self.open[-1].add(value)
        else:
            self.data = None if value is _MISSING else value

    def refuse(self, message: str, event: yaml.Event) -> NoReturn:
        raise ConfigurationError(message, source=self.source, line=_line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _count_lines(text: str | bytes) -> int:
    return max(len(text.splitlines()), 1)
