"""Reads the document blocks of Converse: names, contexts and whichever of their sources hold words."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.documents import read_elsewhere, read_inline
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.record import Role

_DOCUMENT = frozenset({"name", "context", "source", "citations"})
_SOURCE = frozenset({"bytes", "s3Uri", "s3Location", "text", "content"})
_S3_LOCATION = frozenset({"uri"})
_OWNER = frozenset({"bucketOwner"})
_TEXT = frozenset({"text"})


def read_document(document: dict[str, Any], at: str, reading: Reading, *, role: Role, turn: int) -> None:
    """A document's `name` and `context` are text as well as what is in it."""
    for key in ("name", "context"):
        reading.say(document.get(key), f"{at}/{key}", role=role, turn=turn)
    source = reading.object(document, "source", at, role=role, turn=turn)
    _read_source(source, f"{at}/source", document.get("format"), reading=reading, role=role, turn=turn)
    citations = reading.object(document, "citations", at, role=role, turn=turn)
    reading.rest(citations, frozenset(), f"{at}/citations", role=role, turn=turn)
    reading.rest(document, _DOCUMENT, at, role=role, turn=turn)


def _read_source(source: dict[str, Any], at: str, form: Any, *, reading: Reading, role: Role, turn: int) -> None:
    """`s3Uri` is what Bedrock's log puts in the place of bytes; the API itself knows `s3Location.uri`."""
    place = reading.object(source, "s3Location", at, role=role, turn=turn)
    if source.get("bytes") is not None:
        read_inline(source["bytes"], form, f"{at}/bytes", reading=reading, role=role, turn=turn)
    if source.get("s3Uri") is not None:
        read_elsewhere(source["s3Uri"], form, f"{at}/s3Uri", reading=reading, role=role, turn=turn)
    if place.get("uri") is not None:
        read_elsewhere(place["uri"], form, f"{at}/s3Location/uri", reading=reading, role=role, turn=turn)
    if not source:
        reading.show("document", form, at, role=role, turn=turn, where="")
    _read_words(source, at, reading=reading, role=role, turn=turn)
    reading.rest(place, _S3_LOCATION, f"{at}/s3Location", role=role, turn=turn, words=_OWNER)
    reading.rest(source, _SOURCE, at, role=role, turn=turn)


def _read_words(source: dict[str, Any], at: str, *, reading: Reading, role: Role, turn: int) -> None:
    reading.say(source.get("text"), f"{at}/text", role=role, turn=turn)
    for index, piece in reading.objects(source, "content", at, role=role, turn=turn):
        reading.say(piece.get("text"), f"{at}/content/{index}/text", role=role, turn=turn)
        reading.rest(piece, _TEXT, f"{at}/content/{index}", role=role, turn=turn)
