"""Names the members of bodies that say nothing to anybody; the list is short, and docs/reader.md explains it."""

from __future__ import annotations

from typing import Any

NOISE = frozenset(
    {
        # what kind of thing this is, and its name in a protocol
        "type",
        "object",
        "role",
        "format",
        "media_type",
        "event_type",
        "response_type",
        "schemaVersion",
        "anthropic_version",
        "anthropic_beta",
        "cache_control",
        "cachePoint",
        "cache_point",
        # names of machines' own making
        "id",
        "model",
        "index",
        "generation_id",
        "response_id",
        "toolUseId",
        "tool_use_id",
        "tool_call_id",
        "call_id",
        "item_id",
        "system_fingerprint",
        "service_tier",
        # why and how it ended; the reader keeps it as the record's `stop_reason`
        "stop_reason",
        "stopReason",
        "finish_reason",
        "finishReason",
        "completionReason",
        "status",
        # proofs and data no person can read
        "signature",
        "redactedContent",
        "encrypted_content",
        "embedding",
    }
)
"""Keys whose value is noise where it `is_setting`; any other value there is read like the rest."""

SCHEMA_NOISE = frozenset({"type", "$schema", "$ref", "$id", "format", "required"})
"""The same for JSON schemas of tools: names of types and lists of property names."""


def is_word(value: Any) -> bool:
    """True for printable ASCII without white space (an identifier, base64), and for a list of such."""
    if type(value) is list:
        return all(type(item) is str and is_word(item) for item in value)
    return type(value) is str and value.isascii() and value.isprintable() and " " not in value


def is_setting(value: Any) -> bool:
    """True for a word, and for an object of nothing but words and numbers: `{"type": "ephemeral", "ttl": "1h"}`."""
    if type(value) is not dict:
        return is_word(value)
    return all(is_word(key) and _is_flat(item) for key, item in value.items())


def _is_flat(item: Any) -> bool:
    return is_word(item) if type(item) is str else not isinstance(item, dict | list)
