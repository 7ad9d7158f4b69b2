"""Fetches a body that Bedrock put beside the log and parses it; knows gzip, nothing about what bodies say."""

from __future__ import annotations

from typing import Any

from bedrock_audit.decode.inflate import Broken, gunzipped
from bedrock_audit.normalise.bodies import Bodies, Unresolved
from bedrock_audit.normalise.json_text import MalformedError, parsed

MAX_BODY_BYTES = 64 * 1024 * 1024
"""Decompressed; InvokeModel takes bodies of up to 25,000,000 bytes."""


def offloaded_bytes(uri: str, bodies: Bodies) -> bytes | Unresolved:
    """The object's plain content, or why it cannot be had."""
    held = bodies.fetched(uri)
    if isinstance(held, Unresolved):
        return held
    plain = gunzipped(held, limit=MAX_BODY_BYTES)
    if isinstance(plain, Broken):
        return Unresolved(plain.reason, "the object is gzip that cannot be unpacked")
    return plain if len(plain) <= MAX_BODY_BYTES else Unresolved("too-large", "the object is larger than any body")


def offloaded_value(uri: str, bodies: Bodies) -> Any | Unresolved:
    """The JSON value in the object, or why it cannot be had."""
    plain = offloaded_bytes(uri, bodies)
    if isinstance(plain, Unresolved):
        return plain
    try:
        return parsed(plain)
    except MalformedError as error:
        return Unresolved("not-json", f"the object is no JSON: {error.reason}")
