"""Parses an entry into the members at its top level, those of a record and those of a line of batch inference.

Bodies stay as they are. Knows the vendor's names of top-level fields, nothing about bodies.
"""

from __future__ import annotations

from typing import Any

import msgspec

from bedrock_audit.normalise.json_text import parsed


class Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """Top-level members, each of whatever JSON type the log holds."""

    schemaType: Any = None  # noqa: N815 - the log's own spelling, here and below
    schemaVersion: Any = None  # noqa: N815
    timestamp: Any = None
    accountId: Any = None  # noqa: N815
    identity: Any = None
    region: Any = None
    requestId: Any = None  # noqa: N815
    operation: Any = None
    modelId: Any = None  # noqa: N815
    input: Any = None
    output: Any = None
    inferenceRegion: Any = None  # noqa: N815
    errorCode: Any = None  # noqa: N815
    status: Any = None
    requestMetadata: Any = None  # noqa: N815
    performanceConfig: Any = None  # noqa: N815
    recordId: Any = None  # noqa: N815
    modelInput: Any = None  # noqa: N815
    modelOutput: Any = None  # noqa: N815
    error: Any = None


class OpenEnvelope(Envelope):
    """An envelope with members that nobody has named yet, in `unknown`."""

    unknown: dict[str, Any] = {}


_FAST = msgspec.json.Decoder(Envelope)
_FIELDS = frozenset(Envelope.__struct_fields__)


def opened(data: bytes) -> Envelope | Any:
    """An Envelope if the entry is an object with nothing but known members, else its JSON value; MalformedError."""
    try:
        return _FAST.decode(data)
    except (ValueError, RecursionError):
        # Also where a member is unknown: then nothing but the whole value shows it. A new member in every record
        # costs time, not text.
        return parsed(data)


def envelope_of(members: dict[str, Any]) -> Envelope:
    """The envelope of an object that is parsed already."""
    known = {name: value for name, value in members.items() if name in _FIELDS}
    if len(known) == len(members):
        return Envelope(**known)
    return OpenEnvelope(**known, unknown={name: value for name, value in members.items() if name not in _FIELDS})


def is_invocation(envelope: Envelope) -> bool:
    """True for a record of the invocation log, by its type or, where a copy lost that, by what only it has."""
    if envelope.schemaType == "ModelInvocationLog":
        return True
    has_body = envelope.input is not None or envelope.output is not None
    return envelope.schemaType is None and isinstance(envelope.modelId, str) and (has_body or _is_named(envelope))


def is_batch_line(envelope: Envelope) -> bool:
    """True for a line of batch inference: `{"recordId","modelInput","modelOutput"|"error"}`."""
    return envelope.recordId is not None and envelope.modelInput is not None


def _is_named(envelope: Envelope) -> bool:
    return envelope.operation is not None and envelope.requestId is not None
