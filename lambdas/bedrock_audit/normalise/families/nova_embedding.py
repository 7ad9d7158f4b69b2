"""Reads Amazon Nova multimodal embeddings: the text, image, video or sound that was embedded."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_TASKS = ("singleEmbeddingParams", "segmentedEmbeddingParams")
_MEDIA = ("image", "video", "audio")
_READ = frozenset({"text", *_MEDIA})
_TEXT = frozenset({"value", "source", "segmentationConfig"})
_VECTORS = frozenset({"embedding"})
_WORDS = frozenset(
    {"taskType", "embeddingPurpose", "embeddingType", "embeddingMode", "truncationMode", "detailLevel", "requestId"}
)


def request(body: dict[str, Any], reading: Reading) -> None:
    """What was embedded; a text may be an object in S3."""
    reading.turns = 1
    for task in _TASKS:
        at = f"{reading.at}/{task}"
        parameters = reading.object(body, task, reading.at)
        _text(reading.object(parameters, "text", at, role=Role.USER, turn=0), f"{at}/text", reading)
        for kind in _MEDIA:
            _medium(parameters.get(kind), f"{at}/{kind}", reading, kind=kind)
        reading.rest(parameters, _READ, at, role=Role.USER, turn=0, words=_WORDS)
    reading.rest(body, frozenset(_TASKS), reading.at, words=_WORDS)


def _text(text: dict[str, Any], at: str, reading: Reading) -> None:
    reading.say(text.get("value"), f"{at}/value", role=Role.USER, turn=0, kind=PartKind.EMBEDDING_TEXT)
    source = f"{at}/source"
    show_source(text.get("source"), source, reading, kind="document", role=Role.USER, turn=0, media_type="txt")
    reading.rest(text, _TEXT, at, role=Role.USER, turn=0, words=_WORDS)


def _medium(medium: Any, at: str, reading: Reading, *, kind: str) -> None:
    if type(medium) is not dict:
        show_source(medium, at, reading, kind=kind, role=Role.USER, turn=0)
        return
    form = medium.get("format")
    source = f"{at}/source"
    show_source(medium.get("source"), source, reading, kind=kind, role=Role.USER, turn=0, media_type=form)
    reading.rest(medium, frozenset({"source"}), at, role=Role.USER, turn=0, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Vectors say nothing; whatever else stands beside them is read."""
    for index, embedding in reading.objects(body, "embeddings", reading.at, role=Role.ASSISTANT, turn=reading.turn):
        place = f"{reading.at}/embeddings/{index}"
        reading.rest(embedding, _VECTORS, place, role=Role.ASSISTANT, turn=reading.turn, words=_WORDS)
    reading.rest(body, frozenset({"embeddings"}), reading.at, role=Role.ASSISTANT, turn=reading.turn, words=_WORDS)


def _is_for_embedding(body: dict[str, Any], _model: str) -> bool:
    return any(task in body for task in _TASKS) or "EMBEDDING" in str(body.get("taskType"))


def _has_types(body: dict[str, Any], _model: str) -> bool:
    vectors = body["embeddings"]
    return type(vectors) is list and bool(vectors) and type(vectors[0]) is dict and "embeddingType" in vectors[0]


FAMILY = Family(
    requests=(Shape(name="nova-embedding", keys=frozenset({"taskType"}), read=request, fits=_is_for_embedding),),
    responses=(Shape(name="nova-embedding", keys=frozenset({"embeddings"}), read=response, fits=_has_types),),
)
