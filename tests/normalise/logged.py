"""Writes records as Bedrock logs them and reads them again: each test says only what it is about."""

from __future__ import annotations

import json
from typing import Any

from bedrock_audit.decode import RawEntry
from bedrock_audit.normalise import normalise
from bedrock_audit.normalise.bodies import Bodies, NoBodies, Unresolved
from bedrock_audit.record import InvocationRecord, Skipped, Source, Unreadable

ASKED = {"messages": [{"role": "user", "content": [{"text": "When do plums bloom?"}]}]}
ANSWERED = {
    "output": {"message": {"role": "assistant", "content": [{"text": "In March."}]}},
    "stopReason": "end_turn",
    "metrics": {"latencyMs": 812},
    "usage": {"inputTokens": 7, "outputTokens": 3},
}
INPUT = {"inputContentType": "application/json", "inputBodyJson": ASKED, "inputTokenCount": 7}
OUTPUT = {"outputContentType": "application/json", "outputBodyJson": ANSWERED, "outputTokenCount": 3}


class FakeBodies:
    """Bodies by URI; whatever else is asked for is not there."""

    def __init__(self, held: dict[str, bytes] | None = None) -> None:
        self.held = held or {}
        self.asked_for: list[str] = []

    def fetched(self, uri: str, /) -> bytes | Unresolved:
        self.asked_for.append(uri)
        return self.held.get(uri, Unresolved("not-found"))


def logged(**fields: Any) -> dict[str, Any]:
    """A Converse call as logged; a field given as None is left out."""
    plain = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": "2026-11-23T12:00:00Z",
        "accountId": "123456789012",
        "identity": {"arn": "arn:aws:sts::123456789012:assumed-role/helpdesk/worker-1"},
        "region": "eu-central-1",
        "requestId": "req-1",
        "operation": "Converse",
        "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "input": INPUT,
        "output": OUTPUT,
    }
    return {name: value for name, value in {**plain, **fields}.items() if value is not None}


def found(value: Any, *, bodies: Bodies | None = None) -> list[InvocationRecord | Unreadable | Skipped]:
    """Everything read of an entry: a JSON value, or bytes as they stand."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(normalise(RawEntry(Source("log.json", 1), data), bodies or NoBodies()))


def read(*, bodies: Bodies | None = None, **fields: Any) -> InvocationRecord:
    """The one record that `logged(**fields)` is read as."""
    (record,) = found(logged(**fields), bodies=bodies)
    assert isinstance(record, InvocationRecord)
    return record


def texts(record: InvocationRecord) -> list[str]:
    return [part.text for part in record.parts]
