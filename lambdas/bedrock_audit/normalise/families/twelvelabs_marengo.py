"""Reads TwelveLabs Marengo embeddings: 2.7 has its inputs at the top, 3.0 below the name of the input type."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_INPUTS = ("text", "image", "video", "audio", "text_image", "multi_input")
_READ = frozenset({"inputText", "mediaSource", "mediaSources", *_INPUTS})
_VECTORS = frozenset({"embedding"})
_WORDS = frozenset({"inputType", "textTruncate", "embeddingOption", "embeddingScope", "embeddingType", "mediaType"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """What was embedded."""
    reading.turns = 1
    kind = body.get("inputType")
    _input(body, reading.at, reading, kind=kind if type(kind) is str else "video")


def _input(value: dict[str, Any], at: str, reading: Reading, *, kind: str) -> None:
    reading.say(value.get("inputText"), f"{at}/inputText", role=Role.USER, turn=0, kind=PartKind.EMBEDDING_TEXT)
    medium = kind if kind in {"video", "audio"} else "image"
    show_source(value.get("mediaSource"), f"{at}/mediaSource", reading, kind=medium, role=Role.USER, turn=0)
    for index, source in reading.objects(value, "mediaSources", at, role=Role.USER, turn=0):
        inner = source.get("mediaType")
        _input(source, f"{at}/mediaSources/{index}", reading, kind=inner if type(inner) is str else kind)
    for name in _INPUTS:
        inner = reading.object(value, name, at, role=Role.USER, turn=0)
        if inner:
            _input(inner, f"{at}/{name}", reading, kind=name)
    reading.rest(value, _READ, at, role=Role.USER, turn=0, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Vectors say nothing; whatever else stands beside them is read."""
    for index, vector in reading.objects(body, "data", reading.at, role=Role.ASSISTANT, turn=reading.turn):
        place = f"{reading.at}/data/{index}"
        reading.rest(vector, _VECTORS, place, role=Role.ASSISTANT, turn=reading.turn, words=_WORDS)
    reading.rest(body, frozenset({"data"}), reading.at, role=Role.ASSISTANT, turn=reading.turn)


def _has_vectors(body: dict[str, Any], model: str) -> bool:
    data = body["data"]
    return "marengo" in model or (type(data) is list and any(type(one) is dict and "embedding" in one for one in data))


FAMILY = Family(
    requests=(Shape(name="twelvelabs-marengo", keys=frozenset({"inputType"}), read=request),),
    responses=(Shape(name="twelvelabs-marengo", keys=frozenset({"data"}), read=response, fits=_has_vectors),),
)
