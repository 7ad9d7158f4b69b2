"""Reads Amazon Titan embeddings of texts and images: what was embedded, and an image's refusal."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_TELLING = frozenset({"inputImage", "embeddingConfig", "dimensions", "normalize", "embeddingTypes"})
_REQUEST = frozenset({"inputText", "inputImage"})
_RESPONSE = frozenset({"embedding", "embeddingsByType", "message"})
_WORDS = frozenset({"embeddingTypes"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The text, the image or both."""
    at = reading.at
    reading.turns = 1
    reading.say(body.get("inputText"), f"{at}/inputText", role=Role.USER, turn=0, kind=PartKind.EMBEDDING_TEXT)
    show_source(body.get("inputImage"), f"{at}/inputImage", reading, kind="image", role=Role.USER, turn=0)
    reading.rest(body, _REQUEST, at, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Vectors say nothing; `message` says why there is none."""
    at = reading.at
    reading.say(body.get("message"), f"{at}/message", role=Role.ASSISTANT, turn=reading.turn)
    reading.tokens(asked=body.get("inputTextTokenCount"))
    reading.rest(body, _RESPONSE, at, role=Role.ASSISTANT, turn=reading.turn)


def _is_for_embedding(body: dict[str, Any], model: str) -> bool:
    return "embed" in model or not _TELLING.isdisjoint(body)


FAMILY = Family(
    requests=(Shape(name="titan-embedding", keys=_REQUEST, read=request, fits=_is_for_embedding),),
    responses=(Shape(name="titan-embedding", keys=frozenset({"embedding"}), read=response),),
)
