"""Reads one message of OpenAI's chat form, which most model families on Bedrock share; knows nothing of bodies."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import NO_TURN, PartKind, Role, Value

_MESSAGE = frozenset(
    {
        "content",
        "name",
        "refusal",
        "reasoning_content",
        "reasoning",
        "tool_calls",
        "function_call",
        "audio",
        "tool_plan",
    }
)
_TEXTS = {
    "text": PartKind.TEXT,
    "refusal": PartKind.TEXT,
    "thinking": PartKind.REASONING,
    "reasoning": PartKind.REASONING,
    "filename": PartKind.TEXT,
    "logs": PartKind.TEXT,
    "stdout": PartKind.TEXT,
    "stderr": PartKind.TEXT,
}
_MEDIA = {
    "image_url": "image",
    "image": "image",
    "video_url": "video",
    "video": "video",
    "input_audio": "audio",
    "audio_url": "audio",
    "audio": "audio",
    "file": "document",
    "document_url": "document",
    "file_data": "document",
    "file_url": "document",
}
_BLOCK = frozenset({*_TEXTS, *_MEDIA})
_INNER = frozenset({"text"})
_CALL = frozenset({"function", "custom"})
_FUNCTION = frozenset({"name", "arguments", "parameters", "input"})
_WORDS = frozenset({"detail", "prefix", "annotations", "file_id"})


class Speaker(Value, frozen=True):
    """Who says a message, as which turn and which of several answers."""

    role: Role
    turn: int
    answer: int = 0


def read_message(message: dict[str, Any], at: str, reading: Reading, *, turn: int) -> None:
    """A message of a request; system and developer messages frame the conversation."""
    role = role_named(message.get("role"))
    is_framing = role in {Role.SYSTEM, Role.TOOL_DEFINITION}
    read_said(message, at, reading, speaker=Speaker(role, NO_TURN if is_framing else turn))


def read_said(message: dict[str, Any], at: str, reading: Reading, *, speaker: Speaker) -> None:
    """What a message says, thinks, refuses and calls; then whatever else is in it."""
    for key in ("reasoning_content", "reasoning", "tool_plan"):
        _say(message.get(key), f"{at}/{key}", reading, speaker=speaker, kind=PartKind.REASONING)
    read_content(message.get("content"), f"{at}/content", reading, speaker=speaker)
    for key in ("refusal", "name"):
        _say(message.get(key), f"{at}/{key}", reading, speaker=speaker)
    _calls(message, at, reading, speaker=speaker)
    _audio(message.get("audio"), f"{at}/audio", reading, speaker=speaker)
    reading.rest(message, _MESSAGE, at, role=speaker.role, turn=speaker.turn, answer=speaker.answer, words=_WORDS)


def read_content(content: Any, at: str, reading: Reading, *, speaker: Speaker) -> None:
    """Content as a string, a list of blocks (or strings), or one block."""
    if type(content) is str:
        _say_text(content, at, reading, speaker=speaker)
    elif type(content) is list:
        for index, block in enumerate(content):
            read_content(block, f"{at}/{index}", reading, speaker=speaker)
    elif type(content) is dict:
        _block(content, at, reading, speaker=speaker)
    else:
        _say(content, at, reading, speaker=speaker)


def _say_text(text: str, at: str, reading: Reading, *, speaker: Speaker) -> None:
    if speaker.role is Role.ASSISTANT:
        for thought in thoughts(text):
            _say(thought.text, at, reading, speaker=speaker, kind=thought.kind, offset=thought.offset)
    elif speaker.role is Role.TOOL:
        reading.say_json(text, at, role=speaker.role, turn=speaker.turn, kind=PartKind.TEXT)
    else:
        _say(text, at, reading, speaker=speaker)


def _block(block: dict[str, Any], at: str, reading: Reading, *, speaker: Speaker) -> None:
    for key, kind in _TEXTS.items():
        value = block.get(key)
        if type(value) is list:
            for index, inner in enumerate(value):
                _say_inner(inner, f"{at}/{key}/{index}", reading, speaker=speaker, kind=kind)
        else:
            _say(value, f"{at}/{key}", reading, speaker=speaker, kind=kind)
    for key, kind_of_media in _MEDIA.items():
        place = f"{at}/{key}"
        show_source(block.get(key), place, reading, kind=kind_of_media, role=speaker.role, turn=speaker.turn)
    reading.rest(block, _BLOCK, at, role=speaker.role, turn=speaker.turn, answer=speaker.answer, words=_WORDS)


def _say_inner(inner: Any, at: str, reading: Reading, *, speaker: Speaker, kind: PartKind) -> None:
    """A piece of what a block thinks (Magistral): a text block in the block."""
    if type(inner) is not dict:
        _say(inner, at, reading, speaker=speaker, kind=kind)
        return
    _say(inner.get("text"), f"{at}/text", reading, speaker=speaker, kind=kind)
    reading.rest(inner, _INNER, at, role=speaker.role, turn=speaker.turn, answer=speaker.answer)


def _calls(message: dict[str, Any], at: str, reading: Reading, *, speaker: Speaker) -> None:
    for index, call in reading.objects(message, "tool_calls", at, role=speaker.role, turn=speaker.turn):
        place = f"{at}/tool_calls/{index}"
        for key in _CALL:
            _function(reading.object(call, key, place), f"{place}/{key}", reading, speaker=speaker)
        reading.rest(call, _CALL, place, role=speaker.role, turn=speaker.turn, answer=speaker.answer)
    _function(reading.object(message, "function_call", at), f"{at}/function_call", reading, speaker=speaker)


def _function(function: dict[str, Any], at: str, reading: Reading, *, speaker: Speaker) -> None:
    """A call's name and arguments, usually a string that holds JSON."""
    for key in ("name", "arguments", "parameters", "input"):
        place = f"{at}/{key}"
        reading.say_json(function.get(key), place, role=speaker.role, turn=speaker.turn, answer=speaker.answer)
    reading.rest(function, _FUNCTION, at, role=speaker.role, turn=speaker.turn, answer=speaker.answer)


def _audio(audio: Any, at: str, reading: Reading, *, speaker: Speaker) -> None:
    if type(audio) is dict:
        _say(audio.get("transcript"), f"{at}/transcript", reading, speaker=speaker)
        audio = {key: value for key, value in audio.items() if key != "transcript"}
    show_source(audio or None, at, reading, kind="audio", role=speaker.role, turn=speaker.turn)


def _say(
    value: Any,
    at: str,
    reading: Reading,
    *,
    speaker: Speaker,
    kind: PartKind = PartKind.TEXT,
    offset: int = 0,
) -> None:
    reading.say(value, at, role=speaker.role, turn=speaker.turn, answer=speaker.answer, kind=kind, offset=offset)
