"""Reads bare prompts of models nobody can name, and the plainest answers: `text`, `generated_text` and the like.

DeepSeek-R1, imported models and Marketplace containers; `choices[].text` is OpenAI's older form of the chat's answer.
"""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.families import openai_chat
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.openai_usage import read_usage
from bedrock_audit.normalise.prompt_body import read_prompt_body
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import Role

_TEXT = frozenset({"text"})
_CHOICES = frozenset({"choices"})
_READ = frozenset({"text", "usage"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The prompt, whoever it is for."""
    read_prompt_body(body, reading)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The text."""
    stream([body], reading, at=reading.at)


def stream(chunks: list[Any], reading: Reading, *, at: str = "") -> None:
    """Texts are deltas."""
    fragments = Fragments(reading, split=thoughts)
    for position, chunk in reading.chunks(chunks):
        place = at or f"{reading.at}/{position}"
        answer = whole(chunk.get("index")) or 0
        fragments.add(answer, chunk.get("text"), f"{place}/text", answer=answer)
        for key in ("finish_reason", "stop_reason"):
            reading.stopped(chunk.get(key))
        read_usage(chunk, place, reading)
        reading.rest(chunk, _READ, place, role=Role.ASSISTANT, turn=reading.turn)
    fragments.told()


def _is_prompted(body: dict[str, Any], _model: str) -> bool:
    return "messages" not in body and type(body.get("prompt")) is not dict


def _is_text(body: dict[str, Any], _model: str) -> bool:
    """Elsewhere (in the Responses API) `text` is an object of settings."""
    return type(body["text"]) is str


def _chooses_texts(body: dict[str, Any], _model: str) -> bool:
    choices = body["choices"]
    return type(choices) is list and bool(choices) and all(type(one) is dict and "text" in one for one in choices)


FAMILY = Family(
    requests=(Shape(name="completion", keys=frozenset({"prompt"}), read=request, fits=_is_prompted),),
    responses=(
        Shape(name="completion", keys=_CHOICES, read=openai_chat.response, fits=_chooses_texts),
        Shape(name="completion", keys=_TEXT, read=response, fits=_is_text),
    ),
    streams=(
        Shape(name="completion", keys=_CHOICES, read=openai_chat.stream, fits=_chooses_texts),
        Shape(name="completion", keys=_TEXT, read=stream, fits=_is_text),
    ),
)
