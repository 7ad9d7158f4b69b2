"""Reads what Bedrock or a container says instead of an answer: an error and its sentence."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import PartKind, Role

_EXCEPTIONS = (
    "internalServerException",
    "modelStreamErrorException",
    "modelTimeoutException",
    "serviceUnavailableException",
    "throttlingException",
    "validationException",
)
_SAID = ("message", "Message", "error", "detail", *_EXCEPTIONS)
_WORDS = frozenset({"code", "__type", "param"})


def response(body: dict[str, Any], reading: Reading) -> None:
    """The sentence; it is the service that speaks, not the model."""
    _said(body, reading.at, reading)


def stream(chunks: list[Any], reading: Reading) -> None:
    """A stream that broke before it began."""
    for position, chunk in reading.chunks(chunks):
        _said(chunk, f"{reading.at}/{position}", reading)


def _said(body: dict[str, Any], at: str, reading: Reading) -> None:
    for key in _SAID:
        place, skip = f"{at}/{key}", NOISE | _WORDS
        value = body.get(key)
        reading.say_json(value, place, role=Role.UNKNOWN, turn=reading.turn, kind=PartKind.TEXT, skip=skip)
    reading.rest(body, frozenset(_SAID), at, words=_WORDS)


FAMILY = Family(
    responses=(Shape(name="service-error", keys=frozenset(_SAID), read=response),),
    streams=(Shape(name="service-error", keys=frozenset({"error", *_EXCEPTIONS}), read=stream),),
)
