"""Reads Luma Ray requests: a prompt and the pictures a video runs between; the answer is an S3 object."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.leaves import pointer
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_READ = frozenset({"prompt", "keyframes"})
_TELLING = frozenset({"keyframes", "loop", "resolution"})
_WORDS = frozenset({"aspect_ratio", "duration", "resolution"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The scene asked for and its first and last frame."""
    at = reading.at
    reading.turns = 1
    reading.say(body.get("prompt"), f"{at}/prompt", role=Role.USER, turn=0, kind=PartKind.VIDEO_PROMPT)
    for name, frame in reading.object(body, "keyframes", at, role=Role.USER, turn=0).items():
        show_source(frame, f"{at}/keyframes/{pointer(name)}", reading, kind="image", role=Role.USER, turn=0)
    reading.rest(body, _READ, at, role=Role.USER, turn=0, words=_WORDS)


def _makes_video(body: dict[str, Any], model: str) -> bool:
    return "luma." in model or not _TELLING.isdisjoint(body)


FAMILY = Family(requests=(Shape(name="luma", keys=frozenset({"prompt"}), read=request, fits=_makes_video),))
