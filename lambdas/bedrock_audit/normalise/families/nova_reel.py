"""Reads Amazon Nova Reel requests: a text, or a list of shots, to make a video from; the answer is an S3 object."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_TASKS = ("textToVideoParams", "multiShotAutomatedParams", "multiShotManualParams")
_READ = frozenset({*_TASKS, "videoGenerationConfig"})
_SCENE = {"text": PartKind.VIDEO_PROMPT, "negativeText": PartKind.NEGATIVE_PROMPT}
_SCENE_READ = frozenset({*_SCENE, "image", "images", "shots"})
_WORDS = frozenset({"taskType", "dimension"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The scenes asked for, with the pictures they begin from."""
    reading.turns = 1
    for task in _TASKS:
        _scene(reading.object(body, task, reading.at), f"{reading.at}/{task}", reading)
    config = reading.object(body, "videoGenerationConfig", reading.at)
    reading.rest(config, frozenset(), f"{reading.at}/videoGenerationConfig", words=_WORDS)
    reading.rest(body, _READ, reading.at, words=_WORDS)


def _scene(scene: dict[str, Any], at: str, reading: Reading) -> None:
    for key, kind in _SCENE.items():
        reading.say(scene.get(key), f"{at}/{key}", role=Role.USER, turn=0, kind=kind)
    show_source(scene.get("image"), f"{at}/image", reading, kind="image", role=Role.USER, turn=0)
    for index, image in enumerate(reading.items(scene, "images", at, role=Role.USER, turn=0)):
        show_source(image, f"{at}/images/{index}", reading, kind="image", role=Role.USER, turn=0)
    for index, shot in reading.objects(scene, "shots", at, role=Role.USER, turn=0):
        _scene(shot, f"{at}/shots/{index}", reading)
    reading.rest(scene, _SCENE_READ, at, role=Role.USER, turn=0)


def _is_video(body: dict[str, Any], model: str) -> bool:
    task = body.get("taskType")
    return "nova-reel" in model or (type(task) is str and ("VIDEO" in task or "SHOT" in task))


FAMILY = Family(requests=(Shape(name="nova-reel", keys=frozenset({"taskType"}), read=request, fits=_is_video),))
