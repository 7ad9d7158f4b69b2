"""Finds what stands in an envelope where no text belongs, so that nothing said there goes unread."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.envelope import Envelope, OpenEnvelope
from bedrock_audit.normalise.leaves import pointer
from bedrock_audit.normalise.reading import Reading

_SCALARS = (
    "schemaType",
    "schemaVersion",
    "timestamp",
    "accountId",
    "region",
    "requestId",
    "operation",
    "modelId",
    "inferenceRegion",
    "errorCode",
    "status",
    "recordId",
)
_OBJECTS = {
    "identity": frozenset({"arn"}),
    "performanceConfig": frozenset({"latency"}),
    "requestMetadata": frozenset[str](),
}


def read_oddities(envelope: Envelope, reading: Reading) -> None:
    """Walks members nobody has named, objects where words belong, and what else stands in the small objects."""
    if isinstance(envelope, OpenEnvelope):
        for name, value in envelope.unknown.items():
            reading.walk(value, f"/{pointer(name)}")
        reading.problems.append("the record has members that the log format does not name")
    for name in _SCALARS:
        value = getattr(envelope, name)
        if type(value) is dict or type(value) is list:
            reading.walk(value, f"/{name}")
    for name, facts in _OBJECTS.items():
        value = getattr(envelope, name)
        if type(value) is dict:
            _walk_others(value, f"/{name}", facts=facts, reading=reading)
        elif type(value) is list or (type(value) is str and name != "identity"):
            reading.walk(value, f"/{name}")


def said_metadata(value: Any) -> dict[str, str]:
    """The caller's own labels; numbers and the like become their words, objects are walked instead."""
    if type(value) is not dict:
        return {}
    return {name: _word(item) for name, item in value.items() if type(item) is not dict and type(item) is not list}


def _walk_others(members: dict[str, Any], at: str, *, facts: frozenset[str], reading: Reading) -> None:
    for name, value in members.items():
        if type(value) is dict or type(value) is list or (type(value) is str and facts and name not in facts):
            reading.walk(value, f"{at}/{pointer(name)}")


def _word(value: Any) -> str:
    if type(value) is str:
        return value
    return "" if value is None else str(value).lower() if type(value) is bool else str(value)
