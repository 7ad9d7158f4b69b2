"""Reads the content blocks of Anthropic's Messages, requests and responses alike; knows no bodies."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from bedrock_audit.normalise.documents import read_inline
from bedrock_audit.normalise.noise import NOISE, SCHEMA_NOISE
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT, DOCUMENT, REASONING, TEXT, TOOL, TOOL_DEFINITION
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.normalise.voice import Voice, read_blocks
from bedrock_audit.record import Role

_Members = dict[str, Any]
_Read = Callable[[_Members, str, Reading, Voice], None]


def read_content(content: Any, at: str, reading: Reading, *, voice: Voice) -> None:
    """A string, or a list of blocks and strings: callers mix the forms within one request."""
    read_blocks(content, at, reading, voice=voice, read=_block)


def _block(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    kind = block.get("type")
    if kind == "text" or (kind is None and "text" in block):
        _text(block, at, reading, voice)
    else:
        read = _BLOCKS.get(kind, _other) if type(kind) is str else _other
        read(block, at, reading, voice)


def _text(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    reading.say(block.get("text"), f"{at}/text", role=voice.role, turn=voice.turn)
    if len(block) > 2 or "type" not in block or "text" not in block:
        read_citations(block.get("citations"), f"{at}/citations", reading, voice=voice)
        reading.rest(block, _TEXT, at, role=voice.role, turn=voice.turn, words=_WORDS)


def read_citations(citations: Any, at: str, reading: Reading, *, voice: Voice) -> None:
    """Citations repeat what they cite, so they are echoes."""
    reading.say_json(
        citations,
        at,
        role=voice.role,
        turn=voice.turn,
        kind=TEXT,
        skip=_CITATION_WORDS,
        is_echo=True,
    )


def _thinking(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    reading.say(block.get("thinking"), f"{at}/thinking", role=voice.role, turn=voice.turn, kind=REASONING)
    reading.rest(block, _THINKING, at, role=voice.role, turn=voice.turn, words=_WORDS)


def _tool_use(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    for key in ("name", "input"):
        reading.say_json(block.get(key), f"{at}/{key}", role=voice.role, turn=voice.turn)
    reading.rest(block, _TOOL_USE, at, role=voice.role, turn=voice.turn, words=_WORDS)


def _tool_result(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    """What a tool gave back, one of the caller's or (`web_search_tool_result` …) one of the model's provider."""
    result = Voice(TOOL, voice.turn)
    read_content(block.get("content"), f"{at}/content", reading, voice=result)
    reading.rest(block, _CONTENT, at, role=TOOL, turn=voice.turn, words=_WORDS)


def _media(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    kind = str(block["type"])
    show_source(block.get("source"), f"{at}/source", reading, kind=kind, role=voice.role, turn=voice.turn)
    reading.rest(block, _SOURCE, at, role=voice.role, turn=voice.turn, words=_WORDS)


def _document(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    """Its `title` and `context` are text as well as what is in it."""
    role, turn = _brought_by(voice), voice.turn
    for key in ("title", "context"):
        reading.say(block.get(key), f"{at}/{key}", role=role, turn=turn)
    source = reading.object(block, "source", at, role=role, turn=turn)
    _document_source(source, f"{at}/source", reading, voice=Voice(role, turn))
    citations = reading.object(block, "citations", at, role=role, turn=turn)
    reading.rest(citations, frozenset(), f"{at}/citations", role=role, turn=turn)
    reading.rest(block, _DOCUMENT, at, role=role, turn=turn, words=_WORDS)


def _document_source(source: _Members, at: str, reading: Reading, *, voice: Voice) -> None:
    """Text, base64, blocks of its own, a URL or a file's id."""
    data, form, turn = source.get("data"), source.get("media_type"), voice.turn
    words = source.get("type") == "text" and type(data) is str
    if words or source.get("content"):
        reading.show("document", form, at, role=voice.role, turn=turn, text_was_read=True)
    if words:
        reading.say(data, f"{at}/data", role=voice.role, turn=turn)
    elif data is not None:
        read_inline(data, form, f"{at}/data", reading=reading, role=voice.role, turn=turn)
    read_content(source.get("content"), f"{at}/content", reading, voice=voice)
    elsewhere = {key: value for key, value in source.items() if key not in _HERE}
    show_source(elsewhere or None, at, reading, kind="document", role=voice.role, turn=turn, media_type=form)


def _search_result(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    found = Voice(_brought_by(voice), voice.turn)
    for key in ("source", "title"):
        reading.say(block.get(key), f"{at}/{key}", role=found.role, turn=found.turn)
    read_content(block.get("content"), f"{at}/content", reading, voice=found)
    citations = reading.object(block, "citations", at, role=found.role, turn=found.turn)
    reading.rest(citations, frozenset(), f"{at}/citations", role=found.role, turn=found.turn)
    reading.rest(block, _SEARCH_RESULT, at, role=found.role, turn=found.turn, words=_WORDS)


def _compaction(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    """What the model wrote down of a conversation that became too long, in place of its turns."""
    read_content(block.get("content"), f"{at}/content", reading, voice=voice)
    _tools(block, at, reading, voice, read=_COMPACTION)


def _tool_listing(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    """Tools that come, go or are listed within the conversation: who brings them along, they still are definitions."""
    _tools(block, at, reading, voice, read=_LISTED)


def _tools(block: _Members, at: str, reading: Reading, voice: Voice, *, read: Set[str]) -> None:
    for key in _LISTED:
        place = f"{at}/{key}"
        reading.say_json(block.get(key), place, role=TOOL_DEFINITION, kind=TEXT, skip=SCHEMA_NOISE)
    reading.rest(block, read, at, role=voice.role, turn=voice.turn, words=_WORDS)


def _other(block: _Members, at: str, reading: Reading, voice: Voice) -> None:
    """Results of tools the provider runs have many names and forms; other blocks yet unknown are walked."""
    kind = block.get("type")
    if voice.role is TOOL:
        reading.say_json(block, at, role=voice.role, turn=voice.turn, kind=TEXT, skip=_RESULT_NOISE)
    elif type(kind) is str and kind.endswith("_result"):
        _tool_result(block, at, reading, voice)
    else:
        reading.rest(block, frozenset(), at, role=voice.role, turn=voice.turn, words=_WORDS)


def _brought_by(voice: Voice) -> Role:
    """In the model's own turn a document is its answer; anywhere else somebody brought it along."""
    return ASSISTANT if voice.role is ASSISTANT else DOCUMENT


_TEXT = frozenset({"text", "citations"})
_THINKING = frozenset({"thinking"})
_TOOL_USE = frozenset({"name", "input"})
_CONTENT = frozenset({"content"})
_SOURCE = frozenset({"source"})
_DOCUMENT = frozenset({"title", "context", "source", "citations"})
_HERE = frozenset({"data", "content"})
_SEARCH_RESULT = frozenset({"source", "title", "content", "citations"})
_LISTED = frozenset({"tool", "tools", "tool_changes"})
_COMPACTION = _LISTED | {"content"}
_WORDS = frozenset(
    {
        *("data", "encrypted_content", "page_age", "file_id", "caller", "container"),
        *("server_name", "mcp_server_name", "toolset_name"),
    }
)
_CITATION_WORDS = frozenset({"type", "file_id", "encrypted_index"})
_RESULT_NOISE = NOISE | _WORDS

_BLOCKS: dict[str, _Read] = {
    "thinking": _thinking,
    "tool_use": _tool_use,
    "server_tool_use": _tool_use,
    "mcp_tool_use": _tool_use,
    "tool_result": _tool_result,
    "image": _media,
    "video": _media,
    "audio": _media,
    "document": _document,
    "search_result": _search_result,
    "compaction": _compaction,
    "mcp_tool_listing": _tool_listing,
    "tool_addition": _tool_listing,
    "tool_removal": _tool_listing,
}
TYPES = frozenset({"text", "redacted_thinking", *_BLOCKS})
"""The types of blocks this form has."""
