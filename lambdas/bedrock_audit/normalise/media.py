"""Says how large inline data is and what it claims to be; knows base64 and data URIs, nothing about bodies."""

from __future__ import annotations

import re
from typing import Any

from bedrock_audit.record import Value

_DATA_URI = re.compile(r"data:([^;,]{0,100})(?:;[^,]{0,100})?,", re.IGNORECASE).match


class Payload(Value, frozen=True):
    """Inline data: the media type a data URI states (empty if it is none) and the base64 text."""

    media_type: str
    base64: str | None

    @property
    def size(self) -> int | None:
        """Bytes after decoding, by arithmetic; None where there is no data."""
        if self.base64 is None:
            return None
        return len(self.base64) * 3 // 4 - self.base64[-2:].count("=")


def payload(data: Any) -> Payload:
    """What stands in a place for inline data: a data URI, bare base64, or something else (no payload)."""
    if not isinstance(data, str):
        return Payload("", None)
    match = _DATA_URI(data)
    return Payload(match[1], data[match.end() :]) if match else Payload("", data)
