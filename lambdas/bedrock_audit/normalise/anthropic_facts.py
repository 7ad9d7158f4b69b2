"""Reads what an Anthropic message says about a call besides its content: usage, why it stopped, what it ran in."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.roles import ASSISTANT, NOBODY, PARAMETER, TEXT

READ = frozenset({"usage", "stop_sequence", "stop_details", "container", "input_transformations"})

_FRAMING = ("container", "input_transformations")
_USAGE_WORDS = frozenset({"service_tier", "inference_geo", "speed"})
_STOPPING_WORDS = frozenset({"category", "fallback_credit_token", "recommended_model"})
_EXPLANATION = frozenset({"explanation"})


def read_facts(message: dict[str, Any], at: str, reading: Reading) -> None:
    """The members in `READ`, of a message or of a streamed one's last delta; `stop_sequence` is the request's."""
    reading.stopped(message.get("stop_reason"))
    stop = message.get("stop_sequence")
    if stop is not None:
        reading.say(stop, f"{at}/stop_sequence", role=NOBODY, kind=PARAMETER, is_echo=True)
    if "stop_details" in message:
        _stop_details(message, at, reading)
    for key in _FRAMING:
        if key in message:
            reading.say_json(message[key], f"{at}/{key}", role=NOBODY, kind=PARAMETER, skip=NOISE)
    read_usage(message, at, reading)


def read_usage(body: dict[str, Any], at: str, reading: Reading) -> None:
    """The token counts of a message or of a stream's event."""
    usage = reading.counts(body, "usage", at, words=_USAGE_WORDS)
    reading.tokens(
        asked=usage.get("input_tokens"),
        cache_read=usage.get("cache_read_input_tokens"),
        cache_write=usage.get("cache_creation_input_tokens"),
    )
    # The first event of a stream counts the tokens up to then, the last one all of them.
    answered = whole(usage.get("output_tokens"))
    reading.output_tokens = reading.output_tokens if answered is None else answered


def _stop_details(message: dict[str, Any], at: str, reading: Reading) -> None:
    """Why the model refused, in a sentence."""
    details, place = (
        reading.object(message, "stop_details", at, role=ASSISTANT, turn=reading.turn),
        f"{at}/stop_details",
    )
    explanation = details.get("explanation")
    reading.say(explanation, f"{place}/explanation", role=ASSISTANT, turn=reading.turn, kind=TEXT)
    reading.rest(details, _EXPLANATION, place, role=ASSISTANT, turn=reading.turn, words=_STOPPING_WORDS)
