"""Reads Amazon Titan text bodies: `inputText` asked, `results[].outputText` answered, streamed or not."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.prompt_body import read_prompt
from bedrock_audit.normalise.prompt_markup import titan_turns
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.roles import ASSISTANT, NOBODY, PARAMETER
from bedrock_audit.normalise.shape import Family, Shape

_REQUEST = frozenset({"inputText", "textGenerationConfig"})
_CONFIG = frozenset({"stopSequences"})
_RESPONSE = frozenset({"results"})
_TEXT = frozenset({"outputText"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The prompt, a conversation of `User:` and `Bot:` as the turns it is."""
    at = reading.at
    read_prompt(body.get("inputText"), f"{at}/inputText", reading, split=titan_turns)
    config = reading.object(body, "textGenerationConfig", at)
    stops = f"{at}/textGenerationConfig/stopSequences"
    reading.say_json(config.get("stopSequences"), stops, role=NOBODY, kind=PARAMETER)
    reading.rest(config, _CONFIG, f"{at}/textGenerationConfig")
    reading.rest(body, _REQUEST, at)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Every result is an answer of its own."""
    at = reading.at
    for index, result in reading.objects(body, "results", at, role=ASSISTANT, turn=reading.turn):
        place = f"{at}/results/{index}"
        reading.say(result.get("outputText"), f"{place}/outputText", role=ASSISTANT, turn=reading.turn, answer=index)
        reading.stopped(result.get("completionReason"))
        reading.tokens(answered=result.get("tokenCount"))
        reading.rest(result, _TEXT, place, role=ASSISTANT, turn=reading.turn)
    reading.tokens(asked=body.get("inputTextTokenCount"))
    reading.rest(body, _RESPONSE, at, role=ASSISTANT, turn=reading.turn)


def stream(chunks: list[Any], reading: Reading) -> None:
    """Fragments joined per index, located by the first of them."""
    fragments = Fragments(reading)
    for position, chunk in reading.chunks(chunks):
        place = f"{reading.at}/{position}"
        index = whole(chunk.get("index")) or 0
        fragments.add(index, chunk.get("outputText"), f"{place}/outputText", answer=index)
        reading.stopped(chunk.get("completionReason"))
        reading.tokens(asked=chunk.get("inputTextTokenCount"), answered=chunk.get("totalOutputTextTokenCount"))
        reading.rest(chunk, _TEXT, place, role=ASSISTANT, turn=reading.turn)
    fragments.told()


def _has_texts(body: dict[str, Any], model: str) -> bool:  # noqa: ARG001 - the shape says enough
    results = body["results"]
    return type(results) is list and any(type(result) is dict and "outputText" in result for result in results)


FAMILY = Family(
    requests=(Shape(name="titan-text", keys=frozenset({"inputText"}), read=request),),
    responses=(Shape(name="titan-text", keys=frozenset({"results"}), read=response, fits=_has_texts),),
    streams=(Shape(name="titan-text", keys=frozenset({"outputText"}), read=stream),),
)
