"""Reads OpenAI's chat form, which DeepSeek, Qwen, gpt-oss, Writer, Kimi, Jamba, Mistral and many more speak on Bedrock.

`messages` asked, `choices[].message` answered; `choices[].delta` in a stream.
"""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise import chat_parameters
from bedrock_audit.normalise.chat_message import read_content, read_message, read_said
from bedrock_audit.normalise.chat_stream import Around, Deltas
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.messages import plain_speaker, read_messages
from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.openai_usage import read_usage
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.roles import ASSISTANT, DOCUMENT, NOBODY, SYSTEM, TEXT
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.speaker import Speaker
from bedrock_audit.record import NO_TURN

_REQUEST = frozenset({"messages", "system", "documents", "prediction", *chat_parameters.READ})
_CHOICE = frozenset({"message", "delta", "text", "logprobs"})
_CHOICES = ("choices",)
_DELTAS = ("delta", "message", "text")
_WORDS = frozenset({"obfuscation"})
_SERVICE = ("metadata", "moderation", "warnings")
_BODY = frozenset({"choices", "message", "usage", "prompt_logprobs", "logprobs", *_SERVICE})


_CHUNK = frozenset({"choices", "usage", "prompt_logprobs", *_SERVICE})
_BESIDE = {"documents": DOCUMENT, "prediction": ASSISTANT}


def request(body: dict[str, Any], reading: Reading) -> None:
    """Every message is a turn; Jamba and others take documents beside them."""
    at = reading.at
    chat_parameters.read_parameters(body, reading)
    if "system" in body:
        read_content(body["system"], f"{at}/system", Speaker(reading, SYSTEM, NO_TURN))
    read_messages(body.get("messages"), f"{at}/messages", reading, read=read_message)
    last = max(reading.turns - 1, 0)
    for key, role in _BESIDE.items():
        if key in body:
            reading.say_json(body[key], f"{at}/{key}", role=role, turn=last, kind=TEXT)
    reading.rest(body, _REQUEST, at)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Every choice is an answer of its own; a few servers send one bare message."""
    at = reading.at
    for position, choice in reading.objects(body, "choices", at, role=ASSISTANT, turn=reading.turn):
        _choice(choice, f"{at}/choices/{position}", reading, answer=_answer(choice, position))
    if "message" in body:
        message = reading.object(body, "message", at, role=ASSISTANT, turn=reading.turn)
        read_said(message, f"{at}/message", Speaker(reading, ASSISTANT, reading.turn))
    reading.stopped(body.get("finish_reason"))
    _service(body, at, reading)
    read_usage(body, at, reading)
    reading.rest(body, _BODY, at, role=ASSISTANT, turn=reading.turn)


def _choice(choice: dict[str, Any], at: str, reading: Reading, *, answer: int) -> None:
    speaker = Speaker(reading, ASSISTANT, reading.turn, answer=answer)
    for key in ("message", "delta"):
        if key in choice:
            message = reading.object(choice, key, at, role=ASSISTANT, turn=reading.turn)
            if len(message) == 2 and plain_speaker(message) and type(message["content"]) is str:
                speaker.say(message["content"], f"{at}/{key}/content")
            else:
                read_said(message, f"{at}/{key}", speaker)
    if "text" in choice:
        read_content(choice["text"], f"{at}/text", speaker)
    _ended(choice, at, reading, answer=answer)


def stream(chunks: list[Any], reading: Reading) -> None:
    """Deltas joined per answer, then per text and tool call; the last chunk may hold the usage and no choice."""
    fragments = Fragments(reading, split=thoughts)
    deltas, around = Deltas(reading, fragments), Around()
    for number, chunk in reading.chunks(chunks):
        at = f"{reading.at}/{number}"
        for position, choice in reading.objects(chunk, "choices", at, role=ASSISTANT, turn=reading.turn):
            answer, place = _answer(choice, position), f"{at}/choices/{position}"
            for key in _DELTAS:
                if key in choice:
                    deltas.add(choice[key], f"{place}/{key}", answer=answer)
            if around.is_new(choice, inner=_DELTAS, of=answer):
                _ended(choice, place, reading, answer=answer)
        if around.is_new(chunk, inner=_CHOICES):
            _service(chunk, at, reading)
            read_usage(chunk, at, reading)
            reading.rest(chunk, _CHUNK, at, role=ASSISTANT, turn=reading.turn, words=_WORDS)
    fragments.told()


def _service(body: dict[str, Any], at: str, reading: Reading) -> None:
    """What the service says about the call, or gives back of it."""
    for key in _SERVICE:
        if key in body:
            reading.say_json(body[key], f"{at}/{key}", role=NOBODY, turn=reading.turn, kind=TEXT, skip=NOISE)


def _answer(choice: dict[str, Any], position: int) -> int:
    index = whole(choice.get("index"))
    return position if index is None else index


def _ended(choice: dict[str, Any], at: str, reading: Reading, *, answer: int) -> None:
    """Both spellings of the reason are in use; `logprobs` repeat the text token by token."""
    for key in ("finish_reason", "stop_reason"):
        reading.stopped(choice.get(key))
    reading.rest(choice, _CHOICE, at, role=ASSISTANT, turn=reading.turn, answer=answer)


def _has_choices(body: dict[str, Any], _model: str) -> bool:
    return type(body.get("choices")) is list or type(body.get("message")) is dict


FAMILY = Family(
    requests=(Shape(name="openai-chat", keys=frozenset({"messages"}), read=request),),
    responses=(Shape(name="openai-chat", keys=frozenset({"choices", "message"}), read=response, fits=_has_choices),),
    streams=(Shape(name="openai-chat", keys=frozenset({"choices"}), read=stream),),
)
