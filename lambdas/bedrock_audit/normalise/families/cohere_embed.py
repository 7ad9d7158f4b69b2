"""Reads Cohere embeddings: texts and images in; the response echoes the texts, shortened and in lower case."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.cohere_meta import META, read_meta
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import PartKind, Role

_REQUEST = frozenset({"texts", "images", "inputs"})
_BLOCK = frozenset({"text", "image_url"})
_RESPONSE = frozenset({"embeddings", "texts", "images", "inputs", META})
_WORDS = frozenset({"input_type", "truncate", "embedding_types", "detail"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """Every text and image, all in the first turn."""
    reading.turns = 1
    _inputs(body, reading, is_echo=False)
    reading.rest(body, _REQUEST, reading.at, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Vectors say nothing; the texts are the request's."""
    _inputs(body, reading, is_echo=True)
    read_meta(body, reading.at, reading)
    reading.rest(body, _RESPONSE, reading.at, role=Role.ASSISTANT, turn=reading.turn)


def _inputs(body: dict[str, Any], reading: Reading, *, is_echo: bool) -> None:
    for index, text in enumerate(reading.items(body, "texts", reading.at, role=Role.USER, turn=0)):
        _text(text, f"{reading.at}/texts/{index}", reading, is_echo=is_echo)
    for index, image in enumerate(reading.items(body, "images", reading.at, role=Role.USER, turn=0)):
        show_source(image, f"{reading.at}/images/{index}", reading, kind="image", role=Role.USER, turn=0)
    for index, one in reading.objects(body, "inputs", reading.at, role=Role.USER, turn=0):
        _input(one, f"{reading.at}/inputs/{index}", reading, is_echo=is_echo)


def _text(text: Any, at: str, reading: Reading, *, is_echo: bool) -> None:
    reading.say(text, at, role=Role.USER, turn=0, kind=PartKind.EMBEDDING_TEXT, is_echo=is_echo)


def _input(one: dict[str, Any], at: str, reading: Reading, *, is_echo: bool) -> None:
    content = one.get("content")
    if type(content) is str:
        _text(content, f"{at}/content", reading, is_echo=is_echo)
    else:
        for index, block in reading.objects(one, "content", at, role=Role.USER, turn=0):
            place = f"{at}/content/{index}"
            _text(block.get("text"), f"{place}/text", reading, is_echo=is_echo)
            show_source(block.get("image_url"), f"{place}/image_url", reading, kind="image", role=Role.USER, turn=0)
            reading.rest(block, _BLOCK, place, role=Role.USER, turn=0, words=_WORDS)
    reading.rest(one, frozenset({"content"}), at, role=Role.USER, turn=0)


def _is_for_embedding(body: dict[str, Any], model: str) -> bool:
    return "texts" in body or "input_type" in body or "embedding_types" in body or "embed" in model


FAMILY = Family(
    requests=(Shape(name="cohere-embed", keys=_REQUEST, read=request, fits=_is_for_embedding),),
    responses=(Shape(name="cohere-embed", keys=frozenset({"embeddings"}), read=response),),
)
