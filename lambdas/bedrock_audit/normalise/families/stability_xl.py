"""Reads Stability's SDXL 1.0: weighted `text_prompts` and pictures in, `artifacts` out."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_IMAGES = ("init_image", "mask_image")
_REQUEST = frozenset({"text_prompts", *_IMAGES})
_TEXT = frozenset({"text"})
_ARTIFACT = frozenset({"base64"})
_RESPONSE = frozenset({"artifacts"})
_WORDS = frozenset({"mask_source", "style_preset", "sampler", "clip_guidance_preset", "init_image_mode", "result"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """Every prompt; one whose weight is below zero says what to leave out."""
    at = reading.at
    reading.turns = 1
    for index, prompt in reading.objects(body, "text_prompts", at, role=Role.USER, turn=0):
        place = f"{at}/text_prompts/{index}"
        reading.say(prompt.get("text"), f"{place}/text", role=Role.USER, turn=0, kind=_kind(prompt.get("weight")))
        reading.rest(prompt, _TEXT, place, role=Role.USER, turn=0)
    for key in _IMAGES:
        show_source(body.get(key), f"{at}/{key}", reading, kind="image", role=Role.USER, turn=0)
    reading.rest(body, _REQUEST, at, role=Role.USER, turn=0, words=_WORDS)


def _kind(weight: Any) -> PartKind:
    is_negative = type(weight) in {int, float} and weight < 0
    return PartKind.NEGATIVE_PROMPT if is_negative else PartKind.IMAGE_PROMPT


def response(body: dict[str, Any], reading: Reading) -> None:
    """The pictures and why each ended."""
    at = reading.at
    for index, artifact in reading.objects(body, "artifacts", at, role=Role.ASSISTANT, turn=reading.turn):
        place = f"{at}/artifacts/{index}"
        picture = f"{place}/base64"
        show_source(artifact.get("base64"), picture, reading, kind="image", role=Role.ASSISTANT, turn=reading.turn)
        reading.stopped(artifact.get("finishReason"))
        reading.rest(artifact, _ARTIFACT, place, role=Role.ASSISTANT, turn=reading.turn)
    reading.rest(body, _RESPONSE, at, role=Role.ASSISTANT, turn=reading.turn, words=_WORDS)


FAMILY = Family(
    requests=(Shape(name="stability-xl", keys=frozenset({"text_prompts"}), read=request),),
    responses=(Shape(name="stability-xl", keys=frozenset({"artifacts"}), read=response),),
)
