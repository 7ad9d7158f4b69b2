"""Reads Anthropic text completions (Claude 1, 2, Instant): a `prompt` of Human and Assistant turns, a `completion`."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.prompt_body import read_prompt_body
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import PartKind, Role

_METADATA = frozenset({"metadata"})
_RESPONSE = frozenset({"completion", "stop"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The conversation in the prompt; what stands before the first `Human:` is the system prompt."""
    metadata = reading.object(body, "metadata", reading.at)
    user = metadata.get("user_id")
    reading.end_user = user if isinstance(user, str) else ""
    reading.rest(metadata, frozenset({"user_id"} if reading.end_user else ()), f"{reading.at}/metadata")
    read_prompt_body(body, reading, read=_METADATA)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The completion; `stop` repeats the request's stop sequence that ended it."""
    stream([body], reading, at=reading.at)


def stream(chunks: list[Any], reading: Reading, *, at: str = "") -> None:
    """Completions are deltas; the last may be empty."""
    fragments = Fragments(reading)
    for position, chunk in reading.chunks(chunks):
        place = at or f"{reading.at}/{position}"
        fragments.add(0, chunk.get("completion"), f"{place}/completion")
        stop, kind = f"{place}/stop", PartKind.PARAMETER
        reading.say_json(chunk.get("stop"), stop, role=Role.UNKNOWN, kind=kind, is_echo=True)
        reading.stopped(chunk.get("stop_reason"))
        reading.rest(chunk, _RESPONSE, place, role=Role.ASSISTANT, turn=reading.turn)
    fragments.told()


def _is_asked_so(body: dict[str, Any], model: str) -> bool:
    return "max_tokens_to_sample" in body or "anthropic." in model


FAMILY = Family(
    requests=(Shape(name="anthropic-text", keys=frozenset({"prompt"}), read=request, fits=_is_asked_so),),
    responses=(Shape(name="anthropic-text", keys=frozenset({"completion"}), read=response),),
    streams=(Shape(name="anthropic-text", keys=frozenset({"completion"}), read=stream),),
)
