"""Turns any JSON object into an envelope: what fits its place is put there, everything else is kept as odd."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from bedrock_audit.normalise.envelope import Identity, Input, OddEnvelope, Output, Performance
from bedrock_audit.normalise.facts import whole
from bedrock_audit.normalise.leaves import pointer

_S = TypeVar("_S", bound=msgspec.Struct)
_NESTED: dict[str, type[msgspec.Struct]] = {
    "identity": Identity,
    "input": Input,
    "output": Output,
    "performanceConfig": Performance,
}


def lenient(members: dict[str, Any]) -> OddEnvelope:
    """An envelope of whatever was logged: numbers as text where text belongs, whole floats where counts do."""
    odd: dict[str, dict[str, Any]] = {}
    envelope = _fitted(members, OddEnvelope, "", odd=odd)
    envelope.odd = odd
    return envelope


def _fitted(members: dict[str, Any], kind: type[_S], at: str, *, odd: dict[str, dict[str, Any]]) -> _S:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind) if field.name != "odd"}
    found: dict[str, Any] = {}
    for name, value in members.items():
        place = f"{at}/{pointer(name)}"
        field = fields.get(name)
        fits = _fit(value, field.type, name=name, place=place, odd=odd) if field else None
        if field and fits is not None:
            found[field.name] = fits
        elif value is not None:
            odd.setdefault(at, {})[name] = value
    return kind(**found)


def _fit(value: Any, wanted: Any, *, name: str, place: str, odd: dict[str, dict[str, Any]]) -> Any:
    """The value as it fits its place, None if it does not."""
    nested = _NESTED.get(name)
    if nested and type(value) is dict:
        return _fitted(value, nested, place, odd=odd)
    if nested:
        return Identity(value) if nested is Identity and type(value) is str else None
    if wanted is Any:
        return value
    if wanted == str | None:
        return value if type(value) is str else str(value) if type(value) in (int, float) else None
    if wanted == int | None:
        return whole(value)
    if wanted == dict[str, str] | None:
        return _labels(value, place, odd=odd)
    return value if type(value) in (int, float) else None


def _labels(value: Any, place: str, *, odd: dict[str, dict[str, Any]]) -> dict[str, str] | None:
    """The caller's own labels: numbers and the like become their words."""
    if type(value) is not dict:
        return None
    labels: dict[str, str] = {}
    for name, item in value.items():
        if type(item) is dict or type(item) is list:
            odd.setdefault(place, {})[name] = item
        else:
            labels[name] = item if type(item) is str else "" if item is None else str(item).lower()
    return labels
