"""Says why a body is missing; knows which traces a missing body leaves in the rest of the record.

Bedrock itself says nothing: the same absence means that delivery is switched off, that the call failed, that the body
was over 100 KB and the logging configuration names no bucket for that, or that there was none.
"""

from __future__ import annotations

from bedrock_audit.record import Body, BodyState, Direction, Tokens, Value

_NO_WORDS = ("embed", "rerank")


class Call(Value, frozen=True):
    """What the rest of a record tells about a call whose bodies are (partly) missing."""

    failed: bool
    tokens: Tokens
    other_is_missing: bool
    model: str
    made_media: bool = False


def missing(direction: Direction, call: Call) -> Body:
    """The missing body with the most likely reason; `call.other_is_missing` speaks of the body of the other side."""
    if call.failed:
        return Body(BodyState.FAILED_CALL)
    if direction is Direction.OUTPUT and call.made_media:
        return Body(BodyState.DELIVERY_OFF, reason="media")
    if call.other_is_missing and _counted(call.tokens):
        return Body(BodyState.DELIVERY_OFF)
    if _counted(call.tokens, direction):
        return Body(BodyState.TOO_LARGE)
    if direction is Direction.OUTPUT and any(word in call.model for word in _NO_WORDS):
        return Body(BodyState.NO_TEXT)
    return Body(BodyState.ABSENT)


def _counted(tokens: Tokens, direction: Direction | None = None) -> bool:
    asked = (tokens.input, tokens.cache_read, tokens.cache_write) if direction is not Direction.OUTPUT else ()
    answered = (tokens.output,) if direction is not Direction.INPUT else ()
    return any(count for count in (*asked, *answered))
