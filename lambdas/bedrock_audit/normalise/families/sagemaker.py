"""Reads the containers behind SageMaker endpoints (Bedrock Marketplace): Text Generation Inference, DJL, JumpStart."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.chat_message import read_content, read_message, read_said
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.noise import NOISE, is_word
from bedrock_audit.normalise.prompt_body import read_prompt
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.speaker import Speaker
from bedrock_audit.record import PartKind, Role

_ASKED = ("inputs", "text_inputs", "instances")
_ANSWERED = ("generated_text", "generated_texts", "generation", "predictions")
_REQUEST = frozenset({*_ASKED, "parameters"})
_RESPONSE = frozenset({*_ANSWERED, "details"})
_CHUNK = frozenset({"generated_text", "token", "details"})
_TOKEN = frozenset({"text"})


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
                read_message(message, f"{place}/{turn}", reading, turn)
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
            speaker = Speaker(reading, Role.ASSISTANT, reading.turn, answer=answer)
            where = f"{place}/{answer}" if type(value) is list else place
            if type(one) is dict:
                read_said(one, where, speaker)
            else:
                read_content(one, where, speaker)


def stream(chunks: list[Any], reading: Reading) -> None:
    """Tokens joined; the last chunk repeats the whole text, and is the answer where there were no tokens."""
    fragments = Fragments(reading, split=thoughts)
    has_tokens = False
    for position, chunk in reading.chunks(chunks):
        at = f"{reading.at}/{position}"
        has_tokens = _token(chunk, at, fragments, reading) or has_tokens
        whole, place = chunk.get("generated_text"), f"{at}/generated_text"
        reading.say(whole, place, role=Role.ASSISTANT, turn=reading.turn, is_echo=has_tokens)
        reading.rest(chunk, _CHUNK, at, role=Role.ASSISTANT, turn=reading.turn)
    fragments.told()


def _token(chunk: dict[str, Any], at: str, fragments: Fragments, reading: Reading) -> bool:
    """True if the token is a piece of the answer, not a mark of the model's such as `</s>`."""
    token = reading.object(chunk, "token", at, role=Role.ASSISTANT, turn=reading.turn)
    text = token.get("text")
    is_piece = not (token.get("special") is True and is_word(text))
    fragments.add("token", text if is_piece else None, f"{at}/token/text")
    reading.rest(token, _TOKEN, f"{at}/token", role=Role.ASSISTANT, turn=reading.turn)
    return is_piece and type(text) is str


def _is_generated(body: dict[str, Any], _model: str) -> bool:
    return "generation" not in body or type(body["generation"]) is dict


FAMILY = Family(
    requests=(Shape(name="sagemaker", keys=frozenset(_ASKED), read=request),),
    responses=(Shape(name="sagemaker", keys=frozenset(_ANSWERED), read=response, fits=_is_generated),),
    streams=(Shape(name="sagemaker", keys=frozenset({"token"}), read=stream),),
)
