"""Turns YAML into typed values and, where that fails, says on which line and under which key; knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar

import msgspec
import yaml
from msgspec import inspect

from bedrock_audit.errors import ConfigurationError

Step = str | int
Path = tuple[Step, ...]
T = TypeVar("T")

MOST_NAMED = 20

_NULL = "tag:yaml.org,2002:null"
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_WORDS = {"array": "a list", "object": "a mapping", "str": "text", "int": "a number", "bool": "true or false"}
_MISSING = "Object missing required field "
_KIND = re.compile(r"`([a-z| ]+)`")


class Located:
    """One YAML document as plain data, every scalar as the text that was written, with the line of every part of it.

    Scalars stay text because YAML reads `012345678901` as an octal number and `no` as false; the type that the data is
    converted to says what was meant. Keys without a value are left out.
    """

    def __init__(self, node: yaml.Node, source: str) -> None:
        self._node = node
        self.source = source
        self.data: Any = self._plain(node, seen=set())

    def part(self, *path: Step) -> Located:
        """The part of the document at that path."""
        return Located(self._at(path), self.source)

    def refuse(self, message: str, *path: Step) -> NoReturn:
        """Raise ConfigurationError for the value at that path (or the nearest thing around it that is there)."""
        raise ConfigurationError(message, source=self.source, line=self.line(*path), key=_dotted(path) or None)

    def line(self, *path: Step) -> int:
        """The line of the value at that path, counted from 1."""
        return int(self._at(path).start_mark.line) + 1

    def converted(self, wanted: type[T], data: Any = None) -> T:
        """The document (or `data` in its stead, of the same layout) as a value; raises ConfigurationError."""
        data = self.data if data is None else data
        self._refuse_unknown_keys(data, inspect.type_info(wanted), ())
        try:
            return msgspec.convert(data, wanted, strict=False)
        except msgspec.ValidationError as error:
            message, _, place = str(error).partition(" - at ")
            path = tuple(int(index) if index else name for name, index in _STEP.findall(place))
            self.refuse(_told(message, inspect.type_info(wanted), data, path=path), *path)

    def _at(self, path: Sequence[Step]) -> yaml.Node:
        node = self._node
        for step in path:
            inner = _inner(node, step)
            if inner is None:
                break
            node = inner
        return node

    def _plain(self, node: yaml.Node, *, seen: set[yaml.Node]) -> Any:
        if node in seen:
            # An alias of an alias grows without bound, and a reader of one use case should see all of it.
            self._refuse_node("anchors and aliases are not read here; write the value out", node)
        seen.add(node)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, seen=seen))
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, seen=seen) for item in node.value]
        return None if node.tag == _NULL else node.value

    def _entries(self, node: yaml.MappingNode, *, seen: set[yaml.Node]) -> Iterator[tuple[str, Any]]:
        given: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse_node("a key must be a word", key)
            if key.value in given:
                self._refuse_node(f"{key.value!r} is given twice", key)
            given.add(key.value)
            plain = self._plain(value, seen=seen)
            if plain is not None:
                yield key.value, plain

    def _refuse_node(self, message: str, node: yaml.Node) -> NoReturn:
        raise ConfigurationError(message, source=self.source, line=node.start_mark.line + 1)

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
            elif isinstance(inner, inspect.VarTupleType | inspect.ListType) and isinstance(data, list):
                for index, value in enumerate(data):
                    self._refuse_unknown_keys(value, inner.item_type, (*path, index))

    def _key_line(self, path: Path, key: str) -> int:
        node = self._at(path)
        keys = [found for found, _ in node.value if found.value == key] if isinstance(node, yaml.MappingNode) else []
        return int((keys[0] if keys else node).start_mark.line) + 1


def located(text: str | bytes, source: str) -> list[Located]:
    """Every document of the text that is not empty; raises ConfigurationError where it is no YAML."""
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        documents = [Located(node, source) for node in nodes if node is not None]
        return [document for document in documents if document.data is not None]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ConfigurationError(
            f"this is no YAML: {error.problem}", source=source, line=mark.line + 1 if mark else None
        ) from error
    except yaml.YAMLError as error:
        raise ConfigurationError("this is no text in UTF-8", source=source) from error
    except RecursionError as error:
        raise ConfigurationError("this is nested too deeply", source=source) from error


def nearest(word: str, known: Sequence[str]) -> str:
    """`; did you mean …?` with the known word nearest to it, or with the first of them when none is near."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    more = ", …" if len(known) > MOST_NAMED else ""
    return f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(known[:MOST_NAMED])}{more}"


def _inner(node: yaml.Node, step: Step) -> yaml.Node | None:
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inner = [value for key, value in node.value if key.value == step]
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        inner = node.value[step : step + 1]
    return inner[0] if inner else None


def _told(message: str, wanted: inspect.Type, data: Any, *, path: Path) -> str:
    """What msgspec says, in the words of somebody who writes YAML."""
    found = _value_at(data, path)
    kind = _type_at(wanted, path)
    if isinstance(kind, inspect.EnumType):
        return f"{found!r} is not known{nearest(str(found), [str(member.value) for member in kind.cls])}"
    if isinstance(kind, inspect.DateType) and isinstance(found, str):
        return f"{found!r} is no date; write it like 2026-11-23"
    if message.startswith(_MISSING):
        return f"the key {message[len(_MISSING) :].strip('`')} is missing"
    plain = _KIND.sub(lambda found: _named(found[1]), message)
    return plain[:1].lower() + plain[1:]


def _named(kinds: str) -> str:
    return " or ".join(_WORDS.get(kind, kind) for kind in kinds.split(" | ") if kind != "null")


def _value_at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _type_at(wanted: inspect.Type, path: Path) -> inspect.Type | None:
    """The one type that is wanted at the path; None where there are several, or there is none."""
    kinds = _alternatives(wanted)
    for step in path:
        kinds = [inner for kind in kinds for one in _stepped(kind, step) for inner in _alternatives(one)]
    return kinds[0] if len(kinds) == 1 else None


def _stepped(kind: inspect.Type, step: Step) -> list[inspect.Type]:
    if isinstance(kind, inspect.StructType):
        return [field.type for field in kind.fields if field.encode_name == step]
    return [kind.item_type] if isinstance(kind, inspect.VarTupleType | inspect.ListType) else []


def _alternatives(wanted: inspect.Type) -> list[inspect.Type]:
    if isinstance(wanted, inspect.UnionType):
        return [one for one in wanted.types if not isinstance(one, inspect.NoneType)]
    return _alternatives(wanted.type) if isinstance(wanted, inspect.Metadata) else [wanted]


def _dotted(path: Sequence[Step]) -> str:
    dotted = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return dotted.removeprefix(".")
