"""Collects what a body says about the call itself: counts, times, why it stopped, what guardrails did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedrock_audit.record import Value

_LARGEST_COUNT = 2**53


class Trace(Value, frozen=True):
    """A guardrail or router trace as logged, and the pointer to it."""

    value: dict[str, Any]
    location: str


class Facts:
    """Facts are set where they are found; the record's own envelope wins where it has them."""

    stop_reason: str = ""
    end_user: str = ""
    latency_ms: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    guardrail_ids: Sequence[str] = ()
    guardrail_actions: Sequence[str] = ()
    traces: Sequence[Trace] = ()
    problems: Sequence[str] = ()

    def tokens(
        self,
        *,
        asked: Any = None,
        answered: Any = None,
        cache_read: Any = None,
        cache_write: Any = None,
    ) -> None:
        """Token counts of the body, ints or whole floats; the first one told stays."""
        if asked is not None and self.input_tokens is None:
            self.input_tokens = whole(asked)
        if answered is not None and self.output_tokens is None:
            self.output_tokens = whole(answered)
        if cache_read is not None and self.cache_read_tokens is None:
            self.cache_read_tokens = whole(cache_read)
        if cache_write is not None and self.cache_write_tokens is None:
            self.cache_write_tokens = whole(cache_write)

    def stopped(self, reason: Any) -> None:
        """Why the model stopped, in its own word; the last word told stays."""
        if isinstance(reason, str) and reason:
            self.stop_reason = reason

    def took(self, milliseconds: Any) -> None:
        """How long the answer took; the first time told stays."""
        if self.latency_ms is None:
            self.latency_ms = whole(milliseconds)

    def asked_for_guardrail(self, guardrail_id: str) -> None:
        """The guardrail a request names."""
        self.guardrail_ids = (*self.guardrail_ids, guardrail_id)

    def guarded(self, action: str) -> None:
        """What a guardrail says it did to a body or chunk: `INTERVENED` or `NONE`."""
        self.guardrail_actions = (*self.guardrail_actions, action)

    def traced(self, value: dict[str, Any], location: str) -> None:
        """What a guardrail or a router did, as logged; read once the body has been."""
        self.traces = (*self.traces, Trace(value, location))

    def problem(self, sentence: str) -> None:
        """An oddity that did not keep the body from being read; never quotes content."""
        self.problems = (*self.problems, sentence)


def whole(value: Any) -> int | None:
    """A count as logged: guardrails turn ints into floats (`28.0`); None for anything that is no count."""
    if type(value) is int:
        return value if 0 <= value <= _LARGEST_COUNT else None
    return int(value) if type(value) is float and value.is_integer() and 0 <= value <= _LARGEST_COUNT else None
