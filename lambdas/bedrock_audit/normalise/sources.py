"""Finds where a piece of media is: the ways in which Bedrock's model families point at bytes, S3 objects and URLs."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.documents import is_text, read_elsewhere, read_inline
from bedrock_audit.normalise.media import payload
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import TEXT
from bedrock_audit.record import NO_TURN, Role

_INLINE = ("bytes", "base64String", "base64", "data", "file_data")
_PLACES = ("s3Uri", "uri", "url", "file_url", "file_id")
_NESTED = ("s3Location", "source", "mediaSource")
_PLACE_ENDS = tuple(f"/{key}" for key in _PLACES)
_NAME = "filename"
_ERROR = "error"
_READ = frozenset({*_INLINE, *_PLACES, *_NESTED, _NAME, _ERROR})
_FORMAT = ("format", "media_type", "mediaType", "mime_type")
_WORDS = frozenset({*_FORMAT, "detail", "bucketOwner"})


def show_source(
    value: Any, location: str, reading: Reading, *, kind: str, role: Role, turn: int = NO_TURN, media_type: Any = ""
) -> None:
    """One medium: `value` is base64, a data URI, a URL, or an object that holds one of these (nested or not)."""
    if type(value) is str:
        _show_text(value, location, reading, kind=kind, role=role, turn=turn, media_type=media_type)
    elif type(value) is dict:
        media_type = next((value[key] for key in _FORMAT if type(value.get(key)) is str), media_type)
        for key in (*_INLINE, *_PLACES, *_NESTED):
            place = f"{location}/{key}"
            show_source(value.get(key), place, reading, kind=kind, role=role, turn=turn, media_type=media_type)
        reading.say(value.get(_NAME), f"{location}/{_NAME}", role=role, turn=turn)
        # Why a picture or sound could not be made or read.
        reading.say_json(value.get(_ERROR), f"{location}/{_ERROR}", role=role, turn=turn, kind=TEXT)
        reading.rest(value, _READ, location, role=role, turn=turn, words=_WORDS)
    elif value is not None:
        reading.walk(value, location, role=role, turn=turn)


def _show_text(
    text: str, location: str, reading: Reading, *, kind: str, role: Role, turn: int, media_type: Any
) -> None:
    is_place = location.endswith(_PLACE_ENDS) or "://" in text[:10]
    is_inline = not is_place or text.startswith("data:")
    inline = payload(text if is_inline else None)
    form = inline.media_type or media_type
    if kind == "document" and is_text(form):
        read = read_inline if is_inline else read_elsewhere
        read(inline.base64 if is_inline else text, form, location, reading=reading, turn=turn)
    elif is_inline:
        reading.show(kind, media_type, location, role=role, turn=turn, data=text)
    else:
        reading.show(kind, media_type, location, role=role, turn=turn, where=text)
    if " " in text:
        # Neither base64 nor a URI has a space in it: whoever put words here meant them to be overlooked.
        reading.walk(text, location, role=role, turn=turn)
