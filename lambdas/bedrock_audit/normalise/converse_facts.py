"""Reads what Converse says about a call besides its content: usage, latency, traces, guardrails asked for."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT, TEXT

READ = frozenset({"usage", "metrics", "trace"})

_NOTHING: frozenset[str] = frozenset()
_GUARDRAIL_WORDS = frozenset({"guardrailIdentifier", "guardrailVersion", "trace", "streamProcessingMode", "tagSuffix"})
_TRACES = frozenset({"guardrail", "promptRouter"})


def read_facts(body: dict[str, Any], at: str, reading: Reading) -> None:
    """The members in `READ`, of a response or of a stream's `metadata` event."""
    usage = reading.counts(body, "usage", at)
    reading.tokens(
        asked=usage.get("inputTokens"),
        answered=usage.get("outputTokens"),
        cache_read=usage.get("cacheReadInputTokens", usage.get("cacheReadInputTokenCount")),
        cache_write=usage.get("cacheWriteInputTokens", usage.get("cacheWriteInputTokenCount")),
    )
    reading.took(reading.counts(body, "metrics", at).get("latencyMs"))
    if trace := reading.object(body, "trace", at):
        reading.traced(trace, f"{at}/trace")
        reading.rest(trace, _TRACES, f"{at}/trace")


def read_additional_fields(body: dict[str, Any], at: str, reading: Reading) -> None:
    """What the model's own answer has beside that of Converse, of a response or of the event that ends a stream."""
    if "additionalModelResponseFields" in body:
        fields, place = body["additionalModelResponseFields"], f"{at}/additionalModelResponseFields"
        reading.say_json(fields, place, role=ASSISTANT, turn=reading.turn, kind=TEXT, skip=NOISE)


def read_guardrail_config(body: dict[str, Any], at: str, reading: Reading) -> None:
    """Which guardrail the caller asked for."""
    config, place = reading.object(body, "guardrailConfig", at), f"{at}/guardrailConfig"
    if type(config.get("guardrailIdentifier")) is str:
        reading.asked_for_guardrail(config["guardrailIdentifier"])
    reading.rest(config, _NOTHING, place, words=_GUARDRAIL_WORDS)
