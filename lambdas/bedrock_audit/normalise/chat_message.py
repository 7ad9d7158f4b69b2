"""Reads one message of OpenAI's chat form, which most model families on Bedrock share; knows nothing of bodies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bedrock_audit.normalise.noise import NOISE
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.roles import NOBODY, REASONING, SYSTEM, TEXT, TOOL_ARGUMENTS
from bedrock_audit.normalise.speaker import Speaker
from bedrock_audit.record import NO_TURN

_Members = Mapping[str, Callable[[Any, str, Speaker], None]]
_WORDS = frozenset({"detail", "prefix", "file_id"})
_CITED_NOISE = NOISE | {"file_id", "container_id"}
_INNER = frozenset({"text"})


def read_message(message: dict[str, Any], at: str, reading: Reading, turn: int) -> None:
    """A message of a request; system and developer messages frame the conversation."""
    role = role_named(message.get("role"))
    speaker = Speaker(reading, role, NO_TURN if role is SYSTEM else turn)
    if len(message) == 2 and role is not NOBODY and type(message.get("content")) is str:
        # Nearly all messages are a role and a string: nothing is left to look for.
        speaker.say_text(message["content"], f"{at}/content")
    else:
        read_said(message, at, speaker)


def read_said(message: dict[str, Any], at: str, speaker: Speaker) -> None:
    """What a message says, thinks, refuses and calls; then whatever else is in it."""
    _read_members(message, at, speaker, members=_MESSAGE)


def read_content(content: Any, at: str, speaker: Speaker) -> None:
    """Content as a string, a list of blocks (or strings), or one block."""
    if type(content) is list:
        for index, block in enumerate(content):
            read_content(block, f"{at}/{index}", speaker)
    elif type(content) is dict:
        _read_members(content, at, speaker, members=_BLOCK)
    else:
        speaker.say_text(content, at)


def _read_members(container: dict[str, Any], at: str, speaker: Speaker, *, members: _Members) -> None:
    for key, value in container.items():
        read = members.get(key)
        if read is not None and value is not None:
            read(value, f"{at}/{key}", speaker)
    speaker.rest(container, members.keys(), at, words=_WORDS)


def _say(value: Any, at: str, speaker: Speaker) -> None:
    speaker.say(value, at)


def _say_text(value: Any, at: str, speaker: Speaker) -> None:
    speaker.say_text(value, at)


def _think(thought: Any, at: str, speaker: Speaker) -> None:
    """Reasoning as a string or, in blocks of Magistral's, a list of text blocks."""
    for index, inner in enumerate(thought if type(thought) is list else ()):
        if type(inner) is dict:
            speaker.say(inner.get("text"), f"{at}/{index}/text", kind=REASONING)
            speaker.rest(inner, _INNER, f"{at}/{index}")
        else:
            speaker.say(inner, f"{at}/{index}", kind=REASONING)
    if type(thought) is not list:
        speaker.say(thought, at, kind=REASONING)


def _calls(calls: Any, at: str, speaker: Speaker) -> None:
    for index, call in enumerate(calls if type(calls) is list else ()):
        _call(call, f"{at}/{index}", speaker)
    if type(calls) is not list:
        speaker.say(calls, at)


def _call(call: Any, at: str, speaker: Speaker) -> None:
    if type(call) is dict:
        _read_members(call, at, speaker, members=_CALL)
    else:
        speaker.say(call, at, kind=TOOL_ARGUMENTS)


def _function(function: Any, at: str, speaker: Speaker) -> None:
    """A call's name and arguments, usually a string that holds JSON."""
    if type(function) is dict:
        _read_members(function, at, speaker, members=_FUNCTION)
    else:
        speaker.say_json(function, at)


def _arguments(arguments: Any, at: str, speaker: Speaker) -> None:
    speaker.say_json(arguments, at)


def read_repeated(citations: Any, at: str, speaker: Speaker) -> None:
    """Citations and annotations repeat what they cite, so they are echoes."""
    speaker.reading.say_json(
        citations,
        at,
        role=speaker.role,
        turn=speaker.turn,
        kind=TEXT,
        answer=speaker.answer,
        skip=_CITED_NOISE,
        is_echo=True,
    )


def _ignore(_value: Any, _at: str, _speaker: Speaker) -> None:
    """Probabilities repeat the text token by token."""


def _document(document: Any, at: str, speaker: Speaker) -> None:
    """A document as Cohere has it in its messages: an object of words."""
    speaker.say_json(document, at, kind=TEXT, skip=NOISE)


def _audio(audio: Any, at: str, speaker: Speaker) -> None:
    if type(audio) is dict:
        speaker.say(audio.get("transcript"), f"{at}/transcript")
        audio = {key: value for key, value in audio.items() if key != "transcript"}
    speaker.show(audio, at, kind="audio")


def _shows(kind: str) -> Callable[[Any, str, Speaker], None]:
    return lambda value, at, speaker: speaker.show(value, at, kind=kind)


_MESSAGE: _Members = {
    "content": read_content,
    "name": _say,
    "refusal": _say,
    "reasoning_content": _think,
    "reasoning": _think,
    "reasoning_details": _think,
    "thinking": _think,
    "tool_plan": _think,
    "tool_calls": _calls,
    "function_call": _function,
    "audio": _audio,
    "citations": read_repeated,
    "annotations": read_repeated,
}
_BLOCK: _Members = {
    "text": _say_text,
    "content": read_content,
    "input": _arguments,
    "refusal": _say,
    "filename": _say,
    "logs": _say,
    "stdout": _say,
    "stderr": _say,
    "thinking": _think,
    "reasoning": _think,
    "image_url": _shows("image"),
    "image": _shows("image"),
    "video_url": _shows("video"),
    "video": _shows("video"),
    "input_audio": _shows("audio"),
    "audio_url": _shows("audio"),
    "audio": _shows("audio"),
    "file": _shows("document"),
    "document_url": _shows("document"),
    "file_data": _shows("document"),
    "file_url": _shows("document"),
    "source": _shows("document"),
    "document": _document,
    "attributes": _document,
    "title": _say,
    "url": _say,
    "annotations": read_repeated,
    "citations": read_repeated,
    "logprobs": _ignore,
}
_CALL: _Members = {"function": _function, "custom": _function}
_FUNCTION: _Members = {"name": _arguments, "arguments": _arguments, "parameters": _arguments, "input": _arguments}
