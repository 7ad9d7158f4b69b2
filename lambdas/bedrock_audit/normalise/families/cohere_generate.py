"""Reads Cohere Command bodies (generate): the response echoes the prompt, and streamed answers interleave."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.cohere_meta import META, read_meta
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.prompt_body import read_prompt_body
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import Role

_TELLING = frozenset({"num_generations", "return_likelihoods", "truncate", "logit_bias", "k", "p"})
_RESPONSE = frozenset({"generations", "prompt", META})
_GENERATION = frozenset({"text", "token_likelihoods"})
_CHUNK = frozenset({*_RESPONSE, *_GENERATION})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The prompt."""
    read_prompt_body(body, reading)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Every generation is an answer of its own; the prompt comes back with them."""
    _echo(body, reading.at, reading)
    _generations(body, reading.at, reading)
    read_meta(body, reading.at, reading)
    reading.rest(body, _RESPONSE, reading.at, role=Role.ASSISTANT, turn=reading.turn)


def stream(chunks: list[Any], reading: Reading) -> None:
    """Fragments joined per answer; a model that does not stream sends all generations as one chunk."""
    fragments = Fragments(reading)
    for position, chunk in reading.chunks(chunks):
        place = f"{reading.at}/{position}"
        answer = whole(chunk.get("index")) or 0
        fragments.add(answer, chunk.get("text"), f"{place}/text", answer=answer)
        reading.stopped(chunk.get("finish_reason"))
        _echo(chunk, place, reading)
        _generations(chunk, place, reading)
        reading.rest(chunk, _CHUNK, place, role=Role.ASSISTANT, turn=reading.turn, answer=answer)
    fragments.told()


def _generations(body: dict[str, Any], at: str, reading: Reading) -> None:
    for position, one in reading.objects(body, "generations", at, role=Role.ASSISTANT, turn=reading.turn):
        place = f"{at}/generations/{position}"
        index = whole(one.get("index"))
        answer = position if index is None else index
        reading.say(one.get("text"), f"{place}/text", role=Role.ASSISTANT, turn=reading.turn, answer=answer)
        reading.stopped(one.get("finish_reason"))
        reading.rest(one, _GENERATION, place, role=Role.ASSISTANT, turn=reading.turn, answer=answer)


def _echo(body: dict[str, Any], at: str, reading: Reading) -> None:
    reading.say(body.get("prompt"), f"{at}/prompt", role=Role.USER, turn=max(reading.turn - 1, 0), is_echo=True)


def _is_cohere(body: dict[str, Any], model: str) -> bool:
    return "cohere." in model or not _TELLING.isdisjoint(body)


FAMILY = Family(
    requests=(Shape(name="cohere-generate", keys=frozenset({"prompt"}), read=request, fits=_is_cohere),),
    responses=(Shape(name="cohere-generate", keys=frozenset({"generations"}), read=response),),
    streams=(Shape(name="cohere-generate", keys=frozenset({"is_finished", "generations"}), read=stream),),
)
