"""Reads AI21 Jurassic-2 bodies: prompt and completions, each of which comes back token by token as well."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.prompt_body import read_prompt_body
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import PartKind, Role

_TELLING = frozenset({"maxTokens", "numResults", "countPenalty", "presencePenalty", "frequencyPenalty"})
_RESPONSE = frozenset({"prompt", "completions"})
_COMPLETION = frozenset({"data", "finishReason"})
_FINISH = frozenset({"sequence"})
_WORDS = frozenset({"reason"})
_TEXT = frozenset({"text", "tokens"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The prompt."""
    read_prompt_body(body, reading)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Every completion is an answer of its own; the prompt is an echo, and `tokens` repeat the texts in pieces."""
    at = reading.at
    _text(body.get("prompt"), f"{at}/prompt", reading, answer=None)
    for answer, completion in reading.objects(body, "completions", at, role=Role.ASSISTANT, turn=reading.turn):
        place = f"{at}/completions/{answer}"
        _text(completion.get("data"), f"{place}/data", reading, answer=answer)
        _finish(completion, place, reading)
        reading.rest(completion, _COMPLETION, place, role=Role.ASSISTANT, turn=reading.turn, answer=answer)
    reading.rest(body, _RESPONSE, at, role=Role.ASSISTANT, turn=reading.turn)


def _text(data: Any, at: str, reading: Reading, *, answer: int | None) -> None:
    """A text with its tokens; the prompt's, which is no answer, is an echo."""
    role = Role.USER if answer is None else Role.ASSISTANT
    turn = max(reading.turn - 1, 0) if answer is None else reading.turn
    place = f"{at}/text" if type(data) is dict else at
    said = data.get("text") if type(data) is dict else data
    reading.say(said, place, role=role, turn=turn, answer=answer or 0, is_echo=answer is None)
    if type(data) is dict:
        reading.rest(data, _TEXT, at, role=role, turn=turn, answer=answer or 0)


def _finish(completion: dict[str, Any], at: str, reading: Reading) -> None:
    reason = reading.object(completion, "finishReason", at, role=Role.ASSISTANT, turn=reading.turn)
    place = f"{at}/finishReason"
    reading.stopped(reason.get("reason"))
    sequence, kind = f"{place}/sequence", PartKind.PARAMETER
    reading.say_json(reason.get("sequence"), sequence, role=Role.UNKNOWN, kind=kind, is_echo=True)
    reading.rest(reason, _FINISH, place, role=Role.ASSISTANT, turn=reading.turn, words=_WORDS)


def _is_jurassic(body: dict[str, Any], model: str) -> bool:
    return "ai21.j2" in model or not _TELLING.isdisjoint(body)


FAMILY = Family(
    requests=(Shape(name="ai21-j2", keys=frozenset({"prompt"}), read=request, fits=_is_jurassic),),
    responses=(Shape(name="ai21-j2", keys=frozenset({"completions"}), read=response),),
)
