"""Reads TwelveLabs Pegasus: a question about a video, answered in a `message` that is a string, streamed or not."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.noise import SCHEMA_NOISE
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_REQUEST = frozenset({"inputPrompt", "mediaSource", "responseFormat"})
_RESPONSE = frozenset({"message"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The question, the video and the form the answer shall have."""
    at = reading.at
    reading.turns = 1
    reading.say(body.get("inputPrompt"), f"{at}/inputPrompt", role=Role.USER, turn=0)
    show_source(body.get("mediaSource"), f"{at}/mediaSource", reading, kind="video", role=Role.USER, turn=0)
    form = body.get("responseFormat")
    place = f"{at}/responseFormat"
    reading.say_json(form, place, role=Role.UNKNOWN, kind=PartKind.PARAMETER, skip=SCHEMA_NOISE)
    reading.rest(body, _REQUEST, at, role=Role.USER, turn=0)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The answer."""
    stream([body], reading, at=reading.at)


def stream(chunks: list[Any], reading: Reading, *, at: str = "") -> None:
    """Messages are deltas."""
    fragments = Fragments(reading)
    for position, chunk in reading.chunks(chunks):
        place = at or f"{reading.at}/{position}"
        fragments.add(0, chunk.get("message"), f"{place}/message")
        reading.stopped(chunk.get("finishReason"))
        reading.rest(chunk, _RESPONSE, place, role=Role.ASSISTANT, turn=reading.turn)
    fragments.told()


def _is_a_sentence(body: dict[str, Any], model: str) -> bool:
    return type(body["message"]) is str and ("finishReason" in body or "twelvelabs." in model)


def _is_a_piece(chunk: dict[str, Any], model: str) -> bool:
    """A service that fails within a stream says so under the name of an exception."""
    return type(chunk["message"]) is str and (len(chunk) == 1 or _is_a_sentence(chunk, model))


FAMILY = Family(
    requests=(Shape(name="twelvelabs-pegasus", keys=frozenset({"inputPrompt"}), read=request),),
    responses=(Shape(name="twelvelabs-pegasus", keys=_RESPONSE, read=response, fits=_is_a_sentence),),
    streams=(Shape(name="twelvelabs-pegasus", keys=_RESPONSE, read=stream, fits=_is_a_piece),),
)
