"""Reads Amazon's image makers, Titan Image Generator and Nova Canvas: a `taskType` and the parameters of that task."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.leaves import pointer
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_PROMPTS = {
    "text": PartKind.IMAGE_PROMPT,
    "maskPrompt": PartKind.IMAGE_PROMPT,
    "garmentBasedMaskPrompt": PartKind.IMAGE_PROMPT,
    "negativeText": PartKind.NEGATIVE_PROMPT,
}
_IMAGES = frozenset({"image", "images", "conditionImage", "maskImage", "referenceImage", "sourceImage"})
_MASKS = frozenset({"promptBasedMask", "garmentBasedMask", "imageBasedMask", "maskExclusions", "garmentStyling"})
_PARAMETERS = frozenset({*_PROMPTS, *_IMAGES, *_MASKS})
_WORDS = frozenset(
    {
        "taskType",
        "quality",
        "style",
        "controlMode",
        "outPaintingMode",
        "colors",
        "maskType",
        "maskShape",
        "garmentClass",
        "mergeStyle",
        "preserveBodyPose",
        "preserveFace",
        "preserveHands",
        "longSleeveStyle",
        "tuckingStyle",
        "outerLayerStyle",
    }
)
_RESPONSE = frozenset({"images", "maskImage", "error"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """Whatever the task is called, its parameters stand in the member whose name ends in `Params`."""
    reading.turns = 1
    tasks = [key for key in body if key.endswith("Params")]
    for key in tasks:
        _task(reading.object(body, key, reading.at), f"{reading.at}/{pointer(key)}", reading)
    config = reading.object(body, "imageGenerationConfig", reading.at)
    reading.rest(config, frozenset(), f"{reading.at}/imageGenerationConfig", words=_WORDS)
    reading.rest(body, frozenset({"imageGenerationConfig", *tasks}), reading.at, words=_WORDS)


def _task(parameters: dict[str, Any], at: str, reading: Reading) -> None:
    for key, kind in _PROMPTS.items():
        reading.say(parameters.get(key), f"{at}/{key}", role=Role.USER, turn=0, kind=kind)
    for key, value in parameters.items():
        if key in _IMAGES:
            _show(value, f"{at}/{key}", reading, role=Role.USER)
        elif key in _MASKS:
            _task(reading.object(parameters, key, at, role=Role.USER, turn=0), f"{at}/{key}", reading)
    reading.rest(parameters, _PARAMETERS, at, role=Role.USER, turn=0, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The images, and the sentence that says which were held back."""
    at = reading.at
    reading.say(body.get("error"), f"{at}/error", role=Role.ASSISTANT, turn=reading.turn)
    for key in ("images", "maskImage"):
        _show(body.get(key), f"{at}/{key}", reading, role=Role.ASSISTANT)
    reading.rest(body, _RESPONSE, at, role=Role.ASSISTANT, turn=reading.turn)


def _show(value: Any, at: str, reading: Reading, *, role: Role) -> None:
    images = [(f"{at}/{index}", image) for index, image in enumerate(value)] if type(value) is list else [(at, value)]
    for place, image in images:
        show_source(image, place, reading, kind="image", role=role, turn=reading.turn)


def _has_no_vectors(body: dict[str, Any], _model: str) -> bool:
    """Cohere's embeddings give the images of the request back."""
    return "embeddings" not in body


FAMILY = Family(
    requests=(Shape(name="amazon-image", keys=frozenset({"taskType"}), read=request),),
    responses=(Shape(name="amazon-image", keys=frozenset({"images"}), read=response, fits=_has_no_vectors),),
)
