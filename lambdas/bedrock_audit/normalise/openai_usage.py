"""Reads the token counts of OpenAI's forms, in the chat's names and in those of the Responses API."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading

_ASKED = ("prompt_tokens", "input_tokens")
_ANSWERED = ("completion_tokens", "output_tokens")
_DETAILS = ("prompt_tokens_details", "input_tokens_details", "completion_tokens_details", "output_tokens_details")
_READ = frozenset(_DETAILS)
_NOTHING: frozenset[str] = frozenset()


def read_usage(body: dict[str, Any], at: str, reading: Reading) -> None:
    """The counts of the member `usage`; what is no number there is read as unknown."""
    if body.get("usage") is None:
        return
    usage, place = reading.object(body, "usage", at), f"{at}/usage"
    for asked, answered in zip(_ASKED, _ANSWERED, strict=True):
        reading.tokens(asked=usage.get(asked), answered=usage.get(answered))
    for key in _DETAILS:
        details = reading.object(usage, key, place)
        reading.tokens(cache_read=details.get("cached_tokens"))
        reading.rest(details, _NOTHING, f"{place}/{key}")
    reading.rest(usage, _READ, place)
