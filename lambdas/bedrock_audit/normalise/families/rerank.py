"""Reads rerankers (Cohere Rerank, Amazon Rerank): a question and the documents to be put in order."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.cohere_meta import META, read_meta
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import PartKind, Role

_REQUEST = frozenset({"query", "queries", "documents"})
_RESULT = frozenset({"document"})
_WORDS = frozenset({"rank_fields", "api_version"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The question and the documents, which go with it."""
    at = reading.at
    reading.turns = 1
    for key in ("query", "queries"):
        reading.say_json(body.get(key), f"{at}/{key}", role=Role.USER, turn=0, kind=PartKind.TEXT)
    reading.say_json(body.get("documents"), f"{at}/documents", role=Role.DOCUMENT, turn=0, kind=PartKind.TEXT)
    reading.rest(body, _REQUEST, at, words=_WORDS)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Scores say nothing; documents that come back with them are the request's."""
    for index, result in reading.objects(body, "results", reading.at, role=Role.ASSISTANT, turn=reading.turn):
        place = f"{reading.at}/results/{index}"
        document = f"{place}/document"
        reading.say_json(result.get("document"), document, role=Role.DOCUMENT, turn=0, kind=PartKind.TEXT, is_echo=True)
        reading.rest(result, _RESULT, place, role=Role.ASSISTANT, turn=reading.turn)
    read_meta(body, reading.at, reading)
    reading.rest(body, frozenset({"results", META}), reading.at, role=Role.ASSISTANT, turn=reading.turn)


def _has_scores(body: dict[str, Any], model: str) -> bool:
    results = body["results"]
    return "rerank" in model or (
        type(results) is list and any(type(one) is dict and "relevance_score" in one for one in results)
    )


FAMILY = Family(
    requests=(Shape(name="rerank", keys=frozenset({"query", "queries"}), read=request),),
    responses=(Shape(name="rerank", keys=frozenset({"results"}), read=response, fits=_has_scores),),
)
