"""Reads YAML into plain values that remember their lines; refuses what a rule file has no business to contain.

Aliases, tags, duplicate keys, deep nesting and huge files are refused; `no`, `on` and dates stay words.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
import yaml

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.record import Value

LARGEST_FILE = 1_000_000
DEEPEST = 24

T = TypeVar("T")
Path = tuple[str | int, ...]

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)$")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_PATH_STEP = re.compile(r"\.([\w-]+)|\[(\d+|\.\.\.)\]")


class Located(Value, frozen=True):
    """A value read from `source`, and the line of every path in it (a path is a tuple of keys and positions)."""

    value: Any
    source: str
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of the path, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, message: str, *, path: Path = ()) -> ConfigurationError:
        """An error that names the place."""
        return ConfigurationError(
            message, source=self.source, line=self.line(path), key=".".join(str(step) for step in path) or None
        )


def read_yaml(text: str, *, source: str) -> Located:
    """The one document of the text; raises ConfigurationError with the line."""
    if len(text) > LARGEST_FILE:
        raise ConfigurationError(f"larger than {LARGEST_FILE:,} characters", source=source)
    try:
        return _Builder(source).build(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise ConfigurationError(
            f"is not YAML: {message}", source=source, line=mark.line + 1 if mark else None
        ) from error


def converted(value: Any, form: type[T], *, located: Located, path: Path = ()) -> T:
    """The value found at `path` as a `form`; raises ConfigurationError with the line of what does not fit."""
    try:
        return msgspec.convert(value, form, strict=True)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `")
        raise located.error(message, path=(*path, *_steps(where.rstrip("`")))) from error


def _steps(where: str) -> Path:
    """msgspec's `$.rules[2].score` as a path; it does not name the keys of mappings, so a path ends there."""
    steps: list[str | int] = []
    for name, position in _PATH_STEP.findall(where):
        if position == "...":
            break
        steps.append(name or int(position))
    return tuple(steps)


class _Open:
    """A mapping or sequence being read."""

    def __init__(self, path: Path, *, is_mapping: bool) -> None:
        self.path = path
        self.value: Any = {} if is_mapping else []
        self.key: str | None = None

    def next_path(self) -> Path:
        return (*self.path, len(self.value) if self.key is None else self.key)

    def add(self, value: Any) -> None:
        if self.key is None:
            self.value.append(value)
        else:
            self.value[self.key] = value
            self.key = None


class _Builder:
    """Builds from parser events, not recursively: deep nesting is counted, not suffered."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[Path, int] = {}
        self.open: list[_Open] = []
        self.result: Any = None
        self.documents = 0

    def build(self, text: str) -> Located:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            self.take(event, line=event.start_mark.line + 1 if event.start_mark else 1)
        return Located(value=self.result, source=self.source, lines=self.lines)

    def take(self, event: yaml.Event, *, line: int) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            self.refuse_if(self.documents > 1, "has more than one document", line)
        self.refuse_if(isinstance(event, yaml.AliasEvent), "has an alias; use a word list instead", line)
        if isinstance(event, yaml.ScalarEvent):
            self.scalar(event, line)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.opens(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.closes()

    def scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self.refuse_if(bool(event.anchor or event.tag), "has an anchor or a tag", line)
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            self.refuse_if(event.value in self.open[-1].value, f"says {event.value!r} twice", line)
            self.open[-1].key = event.value
            self.lines[(*self.open[-1].path, event.value)] = line
        else:
            self.add(_plain_value(event), line)

    def opens(self, event: yaml.CollectionStartEvent, line: int) -> None:
        self.refuse_if(bool(event.anchor or event.tag), "has an anchor or a tag", line)
        self.refuse_if(len(self.open) >= DEEPEST, f"is nested more than {DEEPEST} deep", line)
        above = self.open[-1] if self.open else None
        self.refuse_if(
            above is not None and isinstance(above.value, dict) and above.key is None, "has a key that is no word", line
        )
        path = above.next_path() if above else ()
        self.lines.setdefault(path, line)
        self.open.append(_Open(path, is_mapping=isinstance(event, yaml.MappingStartEvent)))

    def closes(self) -> None:
        done = self.open.pop()
        if self.open:
            self.open[-1].add(done.value)
        else:
            self.result = done.value

    def add(self, value: Any, line: int) -> None:
        if not self.open:
            self.result = value
            return
        self.lines.setdefault(self.open[-1].next_path(), line)
        self.open[-1].add(value)

    def refuse_if(self, is_wrong: bool, message: str, line: int) -> None:
        if is_wrong:
            raise ConfigurationError(message, source=self.source, line=line)


def _plain_value(event: yaml.ScalarEvent) -> str | float | bool | None:
    """A quoted scalar is text; a plain one may be a number, true, false or nothing."""
    if event.style in {"'", '"', "|", ">"}:
        return str(event.value)
    if event.value in _WORDS:
        return _WORDS[event.value]
    if _NUMBER.match(event.value):
        return float(event.value) if "." in event.value else int(event.value)
    return str(event.value)
