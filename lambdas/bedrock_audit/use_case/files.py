"""Turns YAML files of use cases into a registry, or refuses them with file, line and key; knows no store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located import LARGEST, Located, located
from bedrock_audit.use_case.checks import faults
from bedrock_audit.use_case.registry import Registry
from bedrock_audit.use_case.scope import collide
from bedrock_audit.use_case.spelling import misspelt, written_out
from bedrock_audit.use_case.terms import Terms, UseCase

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
LIST_KEY = "use_cases"


class UseCasesRefusedError(ConfigurationError):
    """Files of use cases with something wrong in them; `refusals` has everything that was found."""

    def __init__(self, refusals: Sequence[ConfigurationError]) -> None:
        first, *others = refusals
        more = f" (and {len(others)} more)" if others else ""
        super().__init__(f"{first.message}{more}", source=first.source, line=first.line, key=first.key)
        self.refusals = tuple(refusals)


class Declared(msgspec.Struct, frozen=True):
    """A use case as read, and the part of the file it was read from."""

    use_case: UseCase
    part: Located

    @property
    def place(self) -> str:
        """Where it begins, as `file:line`."""
        return f"{self.part.source}:{self.part.line()}"


def load(path: Path, *, today: date | None = None) -> Registry:
    """The registry that a file, or every YAML file below a folder, describes; raises ConfigurationError.

    `today` is what dates are checked against, in UTC.
    """
    return Registry(use_cases=tuple(declared.use_case for declared in read(path, today=today)))


def read(path: Path, *, today: date | None = None) -> list[Declared]:
    """The use cases by id, each checked alone and against the others; everything wrong in them is told at once."""
    refusals: list[ConfigurationError] = []
    day = today or datetime.now(UTC).date()
    found = [one for file in _files(path) for one in _read_file(file, today=day, refusals=refusals)]
    if refusals:
        raise UseCasesRefusedError(refusals)
    if not found:
        raise ConfigurationError("there is no use case in here", source=str(path))
    found.sort(key=lambda declared: declared.use_case.id)
    for one, other in combinations(found, 2):
        _refuse_twice(one, other)
    refuse_collisions(found, ())
    return found


def refuse_collisions(declared: Sequence[Declared], others: Sequence[UseCase]) -> None:
    """Raise ConfigurationError if a call could belong to two of all these with neither of them more specific."""
    for position, one in enumerate(declared):
        for other in declared[:position]:
            if collide(one.use_case, other.use_case):
                _refuse_collision(one, f"{other.use_case.id} ({other.place})")
        for known in others:
            if collide(one.use_case, known):
                _refuse_collision(one, f"{known.id}, which is registered")


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    if not path.exists():
        raise ConfigurationError("there is no such file or folder", source=str(path))
    return [path]


def _read_file(file: Path, *, today: date, refusals: list[ConfigurationError]) -> Iterator[Declared]:
    """The sound use cases of a file; what is wrong with the others is added to `refusals`."""
    try:
        for part in _parts(file):
            yield from _declared(part, today=today, refusals=refusals)
    except ConfigurationError as error:
        refusals.append(error)


def _parts(file: Path) -> Iterator[Located]:
    """A file holds one use case, a list of them, or a mapping with the list under `use_cases`; or several documents."""
    try:
        with file.open("rb") as opened:
            documents = located(opened.read(LARGEST + 1), str(file))
    except OSError as error:
        raise ConfigurationError(f"this cannot be read: {error.strerror}", source=str(file)) from error
    for document in documents:
        if isinstance(document.data, dict) and LIST_KEY in document.data:
            for key in document.data.keys() - {LIST_KEY}:
                document.refuse(f"there is no such key beside {LIST_KEY}", key)
            yield from _listed(document.part(LIST_KEY))
        else:
            yield from _listed(document) if isinstance(document.data, list) else [document]


def _listed(part: Located) -> Iterator[Located]:
    if not isinstance(part.data, list):
        part.refuse("expected a list of use cases")
    for index in range(len(part.data)):
        yield part.part(index)


def _declared(part: Located, *, today: date, refusals: list[ConfigurationError]) -> Iterator[Declared]:
    miswritten = _miswritten(part)
    if miswritten:
        refusals.extend(miswritten)
        return
    terms = part.converted(Terms, written_out(part.data))
    found = [part.refusal(fault.message, *fault.path) for fault in faults(terms, today=today)]
    refusals.extend(found)
    if not found:
        yield Declared(UseCase(**msgspec.structs.asdict(terms)), part)


def _miswritten(part: Located) -> list[ConfigurationError]:
    """What is wrong with how it is written, key by key, so that people are told of all keys at once."""
    if not isinstance(part.data, dict):
        return [part.refusal("expected a use case, a mapping that begins with its id")]
    misspellings = misspelt(part.data)
    found = [part.refusal(message, *path) for path, message in misspellings.items()]
    spelt = {path[0] for path in misspellings}
    full = written_out(part.data)
    alone = (_wrong_alone(part, {key: value}) for key, value in full.items() if key not in spelt)
    found += filter(None, alone)
    missing = [field.name for field in msgspec.structs.fields(Terms) if field.required and field.name not in full]
    found += [part.refusal(f"the key {name} is missing") for name in missing]
    return sorted(found, key=lambda error: error.line or 0)


def _wrong_alone(part: Located, member: dict[str, Any]) -> ConfigurationError | None:
    """What is wrong with one member; that others are missing beside it, which names no key, is none of that."""
    try:
        part.converted(Terms, member)
    except ConfigurationError as error:
        return error if error.key else None
    return None


def _refuse_twice(one: Declared, other: Declared) -> None:
    if one.use_case.id == other.use_case.id:
        other.part.refuse(f"{one.use_case.id!r} is taken by the use case at {one.place}", "id")


def _refuse_collision(declared: Declared, other: str) -> None:
    shared = "the same calls could belong to this and to"
    declared.part.refuse(f"{shared} {other}; make one of them more specific, or one of both", "who")
