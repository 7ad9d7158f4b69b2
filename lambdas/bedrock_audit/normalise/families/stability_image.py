"""Reads Stability's image models but SDXL 1.0: SD3, Ultra, Core and the editing tools, a `prompt` and pictures."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_PROMPTS = {
    "prompt": PartKind.IMAGE_PROMPT,
    "search_prompt": PartKind.IMAGE_PROMPT,
    "select_prompt": PartKind.IMAGE_PROMPT,
    "background_prompt": PartKind.IMAGE_PROMPT,
    "foreground_prompt": PartKind.IMAGE_PROMPT,
    "negative_prompt": PartKind.NEGATIVE_PROMPT,
}
_IMAGES = ("image", "mask", "init_image", "style_image", "subject_image", "background_reference", "light_reference")
_REQUEST = frozenset({*_PROMPTS, *_IMAGES})
_TELLING = frozenset({*_PROMPTS, *_IMAGES, "aspect_ratio", "output_format", "style_preset"}) - {"prompt"}
_OTHERS = frozenset({"messages", "input", "instructions", "keyframes"})
_RESPONSE = frozenset({"images", "finish_reasons"})
_SEEDS = frozenset({"seeds"})
_WORDS = frozenset({"mode", "aspect_ratio", "output_format", "style_preset", "light_source_direction"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """What to draw, what to look for, what to leave out; and the pictures to start from."""
    at = reading.at
    reading.turns = 1
    for key, kind in _PROMPTS.items():
        reading.say(body.get(key), f"{at}/{key}", role=Role.USER, turn=0, kind=kind)
    for key in _IMAGES:
        show_source(body.get(key), f"{at}/{key}", reading, kind="image", role=Role.USER, turn=0)
    reading.rest(body, _REQUEST, at, role=Role.USER, turn=0, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The pictures, null where the filter held one back; the filter's word is the stop reason."""
    at = reading.at
    for index, image in enumerate(reading.items(body, "images", at, role=Role.ASSISTANT, turn=reading.turn)):
        place = f"{at}/images/{index}"
        show_source(image, place, reading, kind="image", role=Role.ASSISTANT, turn=reading.turn)
    for index, reason in enumerate(reading.items(body, "finish_reasons", at, role=Role.ASSISTANT, turn=reading.turn)):
        place = f"{at}/finish_reasons/{index}"
        reading.stopped(reason)
        reading.say(reason, place, role=Role.UNKNOWN, turn=reading.turn)
    reading.rest(body, _RESPONSE, at, role=Role.ASSISTANT, turn=reading.turn, words=_SEEDS)


def _makes_images(body: dict[str, Any], model: str) -> bool:
    return "stability." in model or (_OTHERS.isdisjoint(body) and not _TELLING.isdisjoint(body))


FAMILY = Family(
    requests=(Shape(name="stability-image", keys=frozenset({"prompt", "image"}), read=request, fits=_makes_images),),
    responses=(Shape(name="stability-image", keys=frozenset({"finish_reasons", "seeds"}), read=response),),
)
