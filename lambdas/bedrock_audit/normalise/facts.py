"""Collects what a body says about the call itself: counts, times, why it stopped, what guardrails did."""

from __future__ import annotations

from typing import Any

from bedrock_audit.record import Value

_LARGEST_COUNT = 2**53


class Trace(Value, frozen=True):
    """A guardrail or router trace as logged, and the pointer to it."""

    value: dict[str, Any]
    location: str


class Facts:
    """Facts are set where they are found; the record's own envelope wins where it has them."""

    def __init__(self) -> None:
        self.stop_reason = ""
        self.end_user = ""
        self.latency_ms: int | None = None
        self.input_tokens: int | None = None
        self.output_tokens: int | None = None
        self.cache_read_tokens: int | None = None
        self.cache_write_tokens: int | None = None
        self.guardrail_ids: list[str] = []
        self.guardrail_actions: list[str] = []
        self.traces: list[Trace] = []
        self.problems: list[str] = []

    def tokens(
        self,
        *,
        asked: Any = None,
        answered: Any = None,
        cache_read: Any = None,
        cache_write: Any = None,
    ) -> None:
        """Token counts of the body, ints or whole floats; the first one told stays."""
        if self.input_tokens is None:
            self.input_tokens = whole(asked)
        if self.output_tokens is None:
            self.output_tokens = whole(answered)
        if self.cache_read_tokens is None:
            self.cache_read_tokens = whole(cache_read)
        if self.cache_write_tokens is None:
            self.cache_write_tokens = whole(cache_write)

    def stopped(self, reason: Any) -> None:
        """Why the model stopped, in its own word; the last word told stays."""
        if isinstance(reason, str) and reason:
            self.stop_reason = reason

    def took(self, milliseconds: Any) -> None:
        """How long the answer took; the first time told stays."""
        if self.latency_ms is None:
            self.latency_ms = whole(milliseconds)

    def traced(self, value: dict[str, Any], location: str) -> None:
        """What a guardrail or a router did, as logged; read once the body has been."""
        self.traces.append(Trace(value, location))


def whole(value: Any) -> int | None:
    """A count as logged: guardrails turn ints into floats (`28.0`); None for anything that is no count."""
    if type(value) is int:
        return value if 0 <= value <= _LARGEST_COUNT else None
    return int(value) if type(value) is float and value.is_integer() and 0 <= value <= _LARGEST_COUNT else None
