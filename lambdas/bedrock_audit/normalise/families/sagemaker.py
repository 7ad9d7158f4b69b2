"""Reads the containers behind SageMaker endpoints (Bedrock Marketplace): Text Generation Inference, DJL, JumpStart."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.chat_message import Speaker, read_content, read_message, read_said
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.prompt_body import read_prompt
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import PartKind, Role

_ASKED = ("inputs", "text_inputs", "instances")
_ANSWERED = ("generated_text", "generated_texts", "generation", "predictions")
_REQUEST = frozenset({*_ASKED, "parameters"})
_RESPONSE = frozenset({*_ANSWERED, "details"})
_CHUNK = frozenset({*_ANSWERED, "token", "details"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The input as a prompt, several prompts, or a conversation of messages; the settings' words."""
    for key in _ASKED:
        if key in body:
            _asked(body[key], f"{reading.at}/{key}", reading)
    place = f"{reading.at}/parameters"
    reading.say_json(body.get("parameters"), place, role=Role.UNKNOWN, kind=PartKind.PARAMETER, skip=NOISE)
    reading.rest(body, _REQUEST, reading.at)


def _asked(asked: Any, at: str, reading: Reading) -> None:
    if type(asked) is list and asked and type(asked[0]) in {list, dict}:
        conversation, place = (asked[0], f"{at}/0") if type(asked[0]) is list else (asked, at)
        reading.turns = len(conversation)
        for turn, message in enumerate(conversation):
            if type(message) is dict:
                read_message(message, f"{place}/{turn}", reading, turn=turn)
            else:
                reading.say(message, f"{place}/{turn}", role=Role.USER, turn=turn)
        for index, other in enumerate(asked[1:] if place != at else (), start=1):
            reading.walk(other, f"{at}/{index}", role=Role.USER, turn=0)
    else:
        read_prompt(asked, at, reading)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The generated text, texts or message; `details` repeat it token by token."""
    _answered(body, reading.at, reading)
    reading.rest(body, _RESPONSE, reading.at, role=Role.ASSISTANT, turn=reading.turn)


def _answered(body: dict[str, Any], at: str, reading: Reading) -> None:
    for key in _ANSWERED:
        value, place = body.get(key), f"{at}/{key}"
        for answer, one in enumerate(value if type(value) is list else [value]):
            speaker = Speaker(Role.ASSISTANT, reading.turn, answer)
            where = f"{place}/{answer}" if type(value) is list else place
            if type(one) is dict:
                read_said(one, where, reading, speaker=speaker)
            else:
                read_content(one, where, reading, speaker=speaker)


def stream(chunks: list[Any], reading: Reading) -> None:
    """Tokens joined; the last chunk repeats the whole text, and is the answer where there were no tokens."""
    fragments = Fragments(reading, split=thoughts)
    has_tokens = False
    for position, chunk in reading.chunks(chunks):
        at = f"{reading.at}/{position}"
        token = reading.object(chunk, "token", at, role=Role.ASSISTANT, turn=reading.turn)
        if token.get("special") is not True:
            fragments.add("token", token.get("text"), f"{at}/token/text")
            has_tokens = has_tokens or type(token.get("text")) is str
        if not (has_tokens and type(chunk.get("generated_text")) is str):
            _answered(chunk, at, reading)
        reading.rest(chunk, _CHUNK, at, role=Role.ASSISTANT, turn=reading.turn)
    fragments.told()


def _is_generated(body: dict[str, Any], _model: str) -> bool:
    return "generation" not in body or type(body["generation"]) is dict


FAMILY = Family(
    requests=(Shape(name="sagemaker", keys=frozenset(_ASKED), read=request),),
    responses=(Shape(name="sagemaker", keys=frozenset(_ANSWERED), read=response, fits=_is_generated),),
    streams=(Shape(name="sagemaker", keys=frozenset({"token"}), read=stream),),
)
