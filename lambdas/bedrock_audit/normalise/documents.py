"""Reads documents that are attached to a message, where they are plain text; knows formats, no model family."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from bedrock_audit.normalise.bodies import Unresolved
from bedrock_audit.normalise.offload import offloaded_bytes
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import DOCUMENT
from bedrock_audit.record import Role

_TEXT_FORMATS = frozenset({"txt", "md", "csv", "html", "json", "xml", "yaml", "tsv"})


def is_text(document_format: Any) -> bool:
    """True for formats (`md`) and media types (`text/plain; charset=utf-8`) whose bytes are words."""
    if type(document_format) is not str:
        return False
    return document_format.lower() in _TEXT_FORMATS or document_format.lower().startswith("text/")


def read_inline(
    data: Any, document_format: Any, location: str, *, reading: Reading, role: Role = DOCUMENT, turn: int
) -> None:
    """A document in base64 as it stands in the body: its text where it is text, and that it was there."""
    if type(data) is not str or " " in data:
        # No base64: whoever put words here meant them to be overlooked.
        reading.walk(data, location, role=role, turn=turn)
        return
    text = _decoded(data) if is_text(document_format) else None
    reading.say(text, location, role=role, turn=turn)
    reading.show(
        "document",
        document_format,
        location,
        role=role,
        turn=turn,
        data=data,
        text_was_read=text is not None,
    )


def read_elsewhere(
    uri: Any, document_format: Any, location: str, *, reading: Reading, role: Role = DOCUMENT, turn: int
) -> None:
    """A document that lies in S3: fetched where it is text and its place is allowed."""
    if type(uri) is not str:
        reading.walk(uri, location, role=role, turn=turn)
        return
    if " " in uri:
        reading.say(uri, location, role=role, turn=turn)
    text = _fetched(uri, reading) if is_text(document_format) else None
    reading.say(text, location, role=role, turn=turn)
    reading.show(
        "document",
        document_format,
        location,
        role=role,
        turn=turn,
        where=uri,
        text_was_read=text is not None,
    )


def _decoded(data: str) -> str | None:
    try:
        return b64decode(data, validate=True).decode("utf-8", "replace")
    except ValueError:
        return None


def _fetched(uri: str, reading: Reading) -> str | None:
    content = offloaded_bytes(uri, reading.bodies)
    return None if isinstance(content, Unresolved) else content.decode("utf-8", "replace")
