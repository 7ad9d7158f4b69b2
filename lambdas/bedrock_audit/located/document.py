"""Turns YAML into typed values and, where that fails, says on which line and under which key; knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import inspect

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located.reading import Document, Path, Step, documents

T = TypeVar("T")

MOST_NAMED = 20

_STEP = re.compile(r"\.([\w-]+)|\[(\d+|\.\.\.)\]")
_SOME_KEY = "..."
"""What msgspec writes for the key of a mapping: it does not say which."""
_WORDS = {"array": "a list", "object": "a mapping", "str": "text", "int": "a number", "bool": "true or false"}
_MISSING = "Object missing required field "
_NAME = "expected a name of small letters, digits and hyphens, as in"
_QUOTE = "; quote text that holds ': ' or begins with {"
_KIND = re.compile(r"`([a-z| ]+)`")


class Located:
    """One YAML document as plain data, every scalar as the text that was written, with the line of every part of it.

    Scalars stay text because YAML reads `012345678901` as an octal number and `no` as false; the type that the data is
    converted to says what was meant. Keys without a value are left out.
    """

    def __init__(self, document: Document, source: str, *, at: Path = ()) -> None:
        self._document = document
        self._at = at
        self.source = source
        self.data: Any = _value_at(document.data, at)

    def part(self, *path: Step) -> Located:
        """The part of the document at that path."""
        return Located(self._document, self.source, at=(*self._at, *path))

    def refuse(self, message: str, *path: Step) -> NoReturn:
        """Raise ConfigurationError for the value at that path (or the nearest thing around it that is there)."""
        raise self.refusal(message, *path)

    def refusal(self, message: str, *path: Step) -> ConfigurationError:
        """What `refuse` raises, for who has more to say."""
        return ConfigurationError(message, source=self.source, line=self.line(*path), key=_dotted(path) or None)

    def line(self, *path: Step) -> int:
        """The line of the value at that path, or of the nearest thing around it, counted from 1."""
        return _nearest_line(self._document.lines, (*self._at, *path))

    def converted(self, wanted: type[T], data: Any = None) -> T:
        """The document (or `data` in its stead, of the same layout) as a value; raises ConfigurationError."""
        data = self.data if data is None else data
        self._refuse_unknown_keys(data, _known_type(wanted), ())
        try:
            return msgspec.convert(data, wanted, strict=False)
        except msgspec.ValidationError as error:
            message, _, place = str(error).partition(" - at ")
            complaint = str(error)
            path = _path(place, data, lambda changed: _complaint(changed, wanted) == complaint)
            self.refuse(_told(message, _known_type(wanted), data, path=path), *path)

    def _refuse_unknown_keys(self, data: Any, wanted: inspect.Type, path: Path) -> None:
        for inner in _alternatives(wanted):
            if isinstance(inner, inspect.StructType) and isinstance(data, dict):
                fields = {field.encode_name: field.type for field in inner.fields}
                for key, value in data.items():
                    if key not in fields:
                        message = f"there is no such key{nearest(key, list(fields))}"
                        raise ConfigurationError(
                            message, source=self.source, line=self._key_line(path, key), key=_dotted((*path, key))
                        )
                    self._refuse_unknown_keys(value, fields[key], (*path, key))
            elif isinstance(inner, inspect.DictType) and isinstance(data, dict):
                for key, value in data.items():
                    self._refuse_unknown_keys(value, inner.value_type, (*path, key))
            elif isinstance(inner, inspect.VarTupleType | inspect.ListType) and isinstance(data, list):
                for index, value in enumerate(data):
                    self._refuse_unknown_keys(value, inner.item_type, (*path, index))

    def _key_line(self, path: Path, key: str) -> int:
        return _nearest_line(self._document.key_lines, (*self._at, *path, key))


def located(text: str | bytes, source: str) -> list[Located]:
    """Every document of the text that is not empty; raises ConfigurationError where it is no YAML."""
    return [Located(found, source) for found in documents(text, source=source) if found.data is not None]


def nearest(word: str, known: Sequence[str]) -> str:
    """`; did you mean …?` with the known word nearest to it, the first of them if none is near, nothing of none."""
    if not known:
        return ""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    more = ", …" if len(known) > MOST_NAMED else ""
    return f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(known[:MOST_NAMED])}{more}"


def _known_type(wanted: Any) -> inspect.Type:
    return _inspected(wanted)


@cache
def _inspected(wanted: Any) -> inspect.Type:
    return inspect.type_info(wanted)


def _nearest_line(lines: dict[Path, int], path: Path) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _path(place: str, data: Any, still_wrong: Callable[[Any], bool]) -> Path:
    """The steps of msgspec's `$.a[...].b[2]`; a key it does not name is the one that is wrong when it stands alone."""
    path: Path = ()
    for name, index in _STEP.findall(place):
        if index == _SOME_KEY:
            entries = _value_at(data, path)
            alone = (key for key in entries if still_wrong(_changed(data, path, {key: entries[key]})))
            path = (*path, next(alone, _SOME_KEY))
            if path[-1] == _SOME_KEY:
                return path[:-1]
        else:
            path = (*path, int(index) if index else name)
    return path


def _changed(data: Any, path: Path, value: Any) -> Any:
    """The data with another value at the path."""
    if not path:
        return value
    inner = _changed(data[path[0]], path[1:], value)
    if isinstance(data, dict):
        return {**data, path[0]: inner}
    return [*data[: int(path[0])], inner, *data[int(path[0]) + 1 :]]


def _complaint(data: Any, wanted: Any) -> str:
    try:
        msgspec.convert(data, wanted, strict=False)
    except msgspec.ValidationError as error:
        return str(error)
    return ""


def _told(message: str, wanted: inspect.Type, data: Any, *, path: Path) -> str:
    """What msgspec says, in the words of somebody who writes YAML."""
    found = _value_at(data, path)
    kind = _type_at(wanted, path)
    choices = _choices(_types_at(wanted, path))
    if choices and not _is_number(found):
        return f"{found!r} is not known{nearest(str(found), choices)}"
    if isinstance(kind, inspect.DateType) and isinstance(found, str):
        return f"{found!r} is no date; write it like 2026-11-23"
    if message.startswith(_MISSING):
        return f"the key {message[len(_MISSING) :].strip('`')} is missing"
    plain = _KIND.sub(lambda found: _named(found[1]), message).replace("Expected text matching regex", _NAME)
    told = "expected text, got nothing" if found is None else plain[:1].lower() + plain[1:]
    return told + _QUOTE if isinstance(found, dict) and told.startswith("expected text,") else told


def _choices(kinds: Sequence[inspect.Type]) -> list[str]:
    """What may stand there, if it is one of some words."""
    words = [str(member.value) for kind in kinds if isinstance(kind, inspect.EnumType) for member in kind.cls]
    words += [str(value) for kind in kinds if isinstance(kind, inspect.LiteralType) for value in kind.values]
    if words and any(isinstance(kind, inspect.IntType) for kind in kinds):
        words.append("a number")
    return words


def _is_number(found: Any) -> bool:
    return isinstance(found, str) and found.lstrip("-").isdigit()


def _named(kinds: str) -> str:
    return " or ".join(_WORDS.get(kind, kind) for kind in kinds.split(" | ") if kind != "null")


def _value_at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _type_at(wanted: inspect.Type, path: Path) -> inspect.Type | None:
    """The one type that is wanted at the path; None where there are several, or there is none."""
    kinds = _types_at(wanted, path)
    return kinds[0] if len(kinds) == 1 else None


def _types_at(wanted: inspect.Type, path: Path) -> list[inspect.Type]:
    kinds = _alternatives(wanted)
    for step in path:
        kinds = [inner for kind in kinds for one in _stepped(kind, step) for inner in _alternatives(one)]
    return kinds


def _stepped(kind: inspect.Type, step: Step) -> list[inspect.Type]:
    if isinstance(kind, inspect.StructType):
        return [field.type for field in kind.fields if field.encode_name == step]
    if isinstance(kind, inspect.DictType):
        return [kind.value_type]
    return [kind.item_type] if isinstance(kind, inspect.VarTupleType | inspect.ListType) else []


def _alternatives(wanted: inspect.Type) -> list[inspect.Type]:
    if isinstance(wanted, inspect.UnionType):
        return [one for one in wanted.types if not isinstance(one, inspect.NoneType)]
    return _alternatives(wanted.type) if isinstance(wanted, inspect.Metadata) else [wanted]


def _dotted(path: Sequence[Step]) -> str:
    dotted = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return dotted.removeprefix(".")
