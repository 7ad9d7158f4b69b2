"""Takes out of a body what Bedrock itself added to it: token counts, latency, guardrail traces and actions.

Knows the `amazon-bedrock-*` members of native bodies and chunks, nothing about families.
"""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.noise import is_setting, is_word
from bedrock_audit.normalise.reading import Reading

METRICS = "amazon-bedrock-invocationMetrics"
TRACE = "amazon-bedrock-trace"
ACTION = "amazon-bedrock-guardrailAction"
CONFIG = "amazon-bedrock-guardrailConfig"
_NAMES = frozenset({METRICS, TRACE, ACTION, CONFIG})


def take_extras(body: Any, reading: Reading) -> None:
    """Tells `reading` the extras of a body or of the chunks of one, and removes them, so that no family meets them."""
    if type(body) is dict:
        if not _NAMES.isdisjoint(body):
            _take(body, reading.at, reading)
    elif type(body) is list:
        for position, chunk in enumerate(body):
            if type(chunk) is dict and (METRICS in chunk or ACTION in chunk or TRACE in chunk):
                _take(chunk, f"{reading.at}/{position}", reading)


def _take(body: dict[str, Any], at: str, reading: Reading) -> None:
    if METRICS in body and type(body[METRICS]) is dict and is_setting(body[METRICS]):
        _metrics(body.pop(METRICS), reading)
    if ACTION in body and is_word(body[ACTION]):
        reading.guarded(str(body.pop(ACTION)))
    if TRACE in body and type(body[TRACE]) is dict:
        reading.traced(body.pop(TRACE), f"{at}/{TRACE}")
    if CONFIG in body and is_setting(body[CONFIG]):
        body.pop(CONFIG)


def _metrics(metrics: dict[str, Any], reading: Reading) -> None:
    reading.tokens(
        asked=metrics.get("inputTokenCount"),
        answered=metrics.get("outputTokenCount"),
        cache_read=metrics.get("cacheReadInputTokenCount"),
        cache_write=metrics.get("cacheWriteInputTokenCount"),
    )
    reading.took(metrics.get("invocationLatency"))
