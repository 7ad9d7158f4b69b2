"""Opens streams that were logged as they went over the wire (server-sent events): text becomes the chunks it holds."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.json_text import MalformedError, parsed
from bedrock_audit.normalise.noise import is_word

_DATA = "data:"
_EVENT = "event:"


def is_wire_text(text: str) -> bool:
    """True for a whole stream in one text."""
    return text.lstrip().startswith((_DATA, _EVENT))


def chunks_of(text: str) -> list[Any]:
    """The chunks of a whole stream, without the lines that only name an event."""
    lines = (line.strip() for line in text.splitlines())
    return [opened(line) for line in lines if line and not _names_an_event(line)]


def _names_an_event(line: str) -> bool:
    return line.startswith(_EVENT) and is_word(line.removeprefix(_EVENT).strip())


def opened(chunk: Any) -> Any:
    """A chunk that is text as the JSON in it; any other as it is."""
    if type(chunk) is not str:
        return chunk
    data = chunk.strip().removeprefix(_DATA).strip()
    if not data.startswith("{"):
        return data if data == "[DONE]" else chunk
    try:
        return parsed(data)
    except MalformedError:
        return chunk
