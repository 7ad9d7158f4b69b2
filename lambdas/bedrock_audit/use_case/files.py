"""Turns YAML files of use cases into a registry, or refuses them with file, line and key; knows no store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located import Located, located
from bedrock_audit.use_case.checks import faults
from bedrock_audit.use_case.registry import Registry
from bedrock_audit.use_case.scope import collide
from bedrock_audit.use_case.terms import Terms, UseCase

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
LIST_KEY = "use_cases"

_REVIEW = re.compile(r"required within (\d+) ?(?:h|hours?)")
_INTERVAL = re.compile(r"(\d+) ?(?:d|days?)")


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
    """The use cases by id, each checked alone and against the others."""
    day = today or datetime.now(UTC).date()
    found = [_declared(part, today=day) for file in _files(path) for part in _parts(file)]
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


def _parts(file: Path) -> Iterator[Located]:
    """A file holds one use case, a list of them, or a mapping with the list under `use_cases`; or several documents."""
    try:
        documents = located(file.read_bytes(), str(file))
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


def _declared(part: Located, *, today: date) -> Declared:
    if not isinstance(part.data, dict):
        part.refuse("expected a use case, a mapping that begins with its id")
    terms = part.converted(Terms, written_out(part.data))
    for fault in faults(terms, today=today):
        part.refuse(fault.message, *fault.path)
    return Declared(UseCase(**msgspec.structs.asdict(terms)), part)


def written_out(data: dict[str, Any]) -> dict[str, Any]:
    """The data with everything in long form that may be said shortly; see docs/use-cases.md."""
    full = dict(data)
    oversight = full.get("human_oversight")
    if isinstance(oversight, str):
        full["human_oversight"] = oversight = {"description": oversight}
    if isinstance(oversight, dict) and isinstance(oversight.get("human_review"), str):
        full["human_oversight"] = {**oversight, "human_review": _review(oversight["human_review"])}
    safeguards = full.get("safeguards")
    if isinstance(safeguards, dict) and safeguards.get("guardrail_required") in ("true", "false"):
        full["safeguards"] = {**safeguards, "guardrail_required": safeguards["guardrail_required"] == "true"}
    interval = _INTERVAL.fullmatch(str(full.get("review_interval")))
    if interval:
        full["review_interval"] = interval[1]
    if "status" not in full and ("approver" in full or "approved_at" in full):
        full["status"] = "approved"
    return full


def _review(text: str) -> dict[str, str] | str:
    given = _REVIEW.fullmatch(text)
    return {"required": "true", "within_hours": given[1]} if given else text


def _refuse_twice(one: Declared, other: Declared) -> None:
    if one.use_case.id == other.use_case.id:
        other.part.refuse(f"{one.use_case.id!r} is taken by the use case at {one.place}", "id")


def _refuse_collision(declared: Declared, other: str) -> None:
    shared = "the same calls could belong to this and to"
    declared.part.refuse(f"{shared} {other}; make one of them more specific, or one of both", "who")
