"""Reads the token counts of OpenAI's forms, in the chat's names and in those of the Responses API."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading

_COUNTS = (("prompt_tokens", "completion_tokens"), ("input_tokens", "output_tokens"))
_DETAILS = frozenset(
    {"prompt_tokens_details", "input_tokens_details", "completion_tokens_details", "output_tokens_details"}
)


def read_usage(body: dict[str, Any], at: str, reading: Reading) -> None:
    """The counts of the member `usage`; what is no number there is read as unknown."""
    if body.get("usage") is None:
        return
    usage, place = reading.object(body, "usage", at), f"{at}/usage"
    for asked, answered in _COUNTS:
        reading.tokens(asked=usage.get(asked), answered=usage.get(answered))
    for key in usage:
        if key in _DETAILS:
            reading.tokens(cache_read=reading.counts(usage, key, place).get("cached_tokens"))
    reading.rest(usage, _DETAILS, place)
