"""Turns a function's environment into what it needs, and back for who deploys it; the only reader of os.environ."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.record import Value

PREFIX = "BEDROCK_AUDIT_"
Needs = TypeVar("Needs", bound=Value)


def environment(needs: Value) -> dict[str, str]:
    """The environment variables that `settings_of` reads back, one for each setting."""
    values = msgspec.structs.asdict(needs).items()
    texts = {name: ",".join(value) if isinstance(value, tuple) else str(value) for name, value in values}
    return {PREFIX + name.upper(): text for name, text in texts.items() if text}


def settings_of(kind: type[Needs], environ: Mapping[str, str] = os.environ) -> Needs:
    """The settings in this function's environment; raises ConfigurationError naming what is missing or wrong."""
    given = {field.name: environ.get(PREFIX + field.name.upper()) for field in msgspec.structs.fields(kind)}
    lists = {field.name for field in msgspec.structs.fields(kind) if str(field.type).startswith("tuple")}
    found = {name: text.split(",") if name in lists else text for name, text in given.items() if text}
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in found:
            raise ConfigurationError("is not set", source="environment", key=PREFIX + field.name.upper())
    try:
        return msgspec.convert(found, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(str(error), source="environment") from error
