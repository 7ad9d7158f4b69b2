"""Reads the content blocks of Converse and of Nova's native bodies, requests and responses alike; knows no bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bedrock_audit.normalise.converse_documents import read_document
from bedrock_audit.normalise.noise import SCHEMA_NOISE
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT, DOCUMENT, REASONING, TEXT, TOOL, TOOL_DEFINITION
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.normalise.voice import Voice, read_blocks

Read = Callable[[Any, str, Reading, Voice], None]
_Members = dict[str, Any]


def read_content(content: Any, at: str, reading: Reading, *, voice: Voice) -> None:
    """A list of one-key blocks."""
    read_blocks(content, at, reading, voice=voice, read=_block)


def _block(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    for key, value in block.items():
        read = OBJECTS.get(key) if type(value) is dict else _PLAIN.get(key)
        if read is None:
            reading.rest({key: value}, _NOTHING, at, role=voice.role, turn=voice.turn)
        else:
            read(value, f"{at}/{key}", reading, voice)


def _text(value: Any, at: str, reading: Reading, voice: Voice) -> None:
    """Nova thinks inside its text: `<thinking>…</thinking>`."""
    if voice.role is ASSISTANT and type(value) is str and value.startswith("<"):
        for thought in thoughts(value):
            reading.say(thought.text, at, role=voice.role, turn=voice.turn, kind=thought.kind, offset=thought.offset)
    else:
        reading.say(value, at, role=voice.role, turn=voice.turn)


def _medium(kind: str) -> Read:
    def read(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
        shown = len(reading.media)
        show_source(value, at, reading, kind=kind, role=voice.role, turn=voice.turn)
        if len(reading.media) == shown:
            reading.show(kind, value.get("format"), at, role=voice.role, turn=voice.turn, where="")

    return read


def _document(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    # In the model's own turn a document is its answer; anywhere else somebody brought it along.
    role = ASSISTANT if voice.role is ASSISTANT else DOCUMENT
    read_document(value, at, reading, role=role, turn=voice.turn)


def _tool_use(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    for key in ("name", "input"):
        reading.say_json(value.get(key), f"{at}/{key}", role=voice.role, turn=voice.turn)
    reading.rest(value, _TOOL_USE, at, role=voice.role, turn=voice.turn)


def _tool_result(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    read_content(value.get("content"), f"{at}/content", reading, voice=Voice(TOOL, voice.turn))
    reading.rest(value, _CONTENT, at, role=TOOL, turn=voice.turn)


def _json(value: Any, at: str, reading: Reading, voice: Voice) -> None:
    reading.say_json(value, at, role=voice.role, turn=voice.turn, kind=TEXT)


def _guarded(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    """Content marked for a guardrail; what is qualified as a grounding source is a document."""
    text, place = reading.object(value, "text", at, role=voice.role, turn=voice.turn), f"{at}/text"
    qualifiers = text.get("qualifiers")
    is_source = type(qualifiers) is list and "grounding_source" in qualifiers
    role = DOCUMENT if is_source else voice.role
    reading.say(text.get("text"), f"{place}/text", role=role, turn=voice.turn)
    reading.rest(text, _TEXT, place, role=role, turn=voice.turn, words=_QUALIFIERS)
    read_content({key: item for key, item in value.items() if key != "text"}, at, reading, voice=voice)


def _reasoning(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    text, place = reading.object(value, "reasoningText", at, role=voice.role, turn=voice.turn), f"{at}/reasoningText"
    reading.say(text.get("text"), f"{place}/text", role=voice.role, turn=voice.turn, kind=REASONING)
    reading.rest(text, _TEXT, place, role=voice.role, turn=voice.turn)
    reading.rest(value, _REASONING, at, role=voice.role, turn=voice.turn)


def _cited(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    """What is said, and what that quotes: the quotations stand in the documents already."""
    read_content(value.get("content"), f"{at}/content", reading, voice=voice)
    read_citations(value.get("citations"), f"{at}/citations", reading, voice=voice)
    reading.rest(value, _CITED, at, role=voice.role, turn=voice.turn)


def read_citations(citations: Any, at: str, reading: Reading, *, voice: Voice) -> None:
    """Citations repeat what they cite, so they are echoes."""
    reading.say_json(citations, at, role=voice.role, turn=voice.turn, kind=TEXT, is_echo=True)


def _search_result(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    for key in ("source", "title"):
        reading.say(value.get(key), f"{at}/{key}", role=DOCUMENT, turn=voice.turn)
    read_content(value.get("content"), f"{at}/content", reading, voice=Voice(DOCUMENT, voice.turn))
    reading.rest(value, _SEARCH_RESULT, at, role=DOCUMENT, turn=voice.turn)


def _tool_change(value: _Members, at: str, reading: Reading, _voice: Voice) -> None:
    reading.say_json(value, at, role=TOOL_DEFINITION, kind=TEXT, skip=SCHEMA_NOISE)


def _cache_point(value: _Members, at: str, reading: Reading, voice: Voice) -> None:
    reading.rest(value, _NOTHING, at, role=voice.role, turn=voice.turn, words=_CACHE)


_NOTHING: frozenset[str] = frozenset()
_CONTENT = frozenset({"content"})
_TEXT = frozenset({"text"})
_QUALIFIERS = frozenset({"qualifiers"})
_TOOL_USE = frozenset({"name", "input"})
_REASONING = frozenset({"reasoningText"})
_CITED = frozenset({"content", "citations"})
_SEARCH_RESULT = frozenset({"source", "title", "content"})
_CACHE = frozenset({"ttl"})

_PLAIN: dict[str, Read] = {"text": _text, "json": _json}
OBJECTS: dict[str, Read] = {
    "json": _json,
    "image": _medium("image"),
    "video": _medium("video"),
    "audio": _medium("audio"),
    "document": _document,
    "toolUse": _tool_use,
    "toolResult": _tool_result,
    "guardContent": _guarded,
    "reasoningContent": _reasoning,
    "citationsContent": _cited,
    "searchResult": _search_result,
    "toolAddition": _tool_change,
    "toolRemoval": _tool_change,
    "cachePoint": _cache_point,
}
"""The blocks that are objects: a content block with one of these keys tells Converse from other chat forms."""
