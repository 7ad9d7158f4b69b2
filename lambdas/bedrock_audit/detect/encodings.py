"""Undoes encodings of whole texts that stand within a text: base64 and hexadecimal."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from bedrock_audit.detect.disguises import Undone
from bedrock_audit.detect.scanning import finder

LONGEST_RUN = 2_000_000
"""Characters of one run; a longer one is a file, not a hidden prompt."""

_BASE64 = r"(?:[A-Za-z0-9+/_-]{16,}[ \t]*\r?\n?)+={0,2}"
_PIECE = re.compile(r"\S+")
_LEADING_WORDS = 2
"""Long words before a run of base64 that look like a part of it."""
_HEX = r"(?:\b(?:0x)?|\\x)[0-9A-Fa-f]{2}[\s:,-]{0,2}(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s:,-]{0,2}){7,}"
_SEPARATORS = " \t\r\n:,-"
_READABLE = 0.85
_LETTERS = 0.6


def encoded(text: str) -> Iterator[Undone]:
    """Every run that decodes to readable text."""
    for run in finder(_BASE64).finditer(text):
        yield from _base64(run.group(), run.start())
    for run in finder(_HEX).finditer(text):
        yield from _hex(run.group().rstrip(_SEPARATORS), run.start())


def _base64(run: str, place: int) -> Iterator[Undone]:
    """The run as a whole, without the words it may begin with, or else each of its pieces for itself."""
    pieces = list(_PIECE.finditer(run))
    for first in pieces[: _LEADING_WORDS + 1]:
        said = _from_base64(run[first.start() :])
        if said:
            yield Undone(start=place + first.start(), end=place + len(run.rstrip()), text=said, how="base64")
            return
    for piece in pieces:
        said = _from_base64(piece.group())
        if said:
            yield Undone(start=place + piece.start(), end=place + piece.end(), text=said, how="base64")


def _from_base64(run: str) -> str | None:
    letters = "".join(run.split()).rstrip("=").replace("-", "+").replace("_", "/")
    if not 16 <= len(letters) <= LONGEST_RUN or len(letters) % 4 == 1:
        return None
    return _as_text(base64.b64decode(letters + "=" * (-len(letters) % 4)))


def _hex(run: str, place: int) -> Iterator[Undone]:
    digits = re.sub(r"0x|\\x|[\s:,-]", "", run)
    if len(digits) % 2 == 0 and len(digits) <= LONGEST_RUN:
        said = _as_text(binascii.unhexlify(digits))
        if said:
            yield Undone(start=place, end=place + len(run), text=said, how="hex")


def _as_text(data: bytes) -> str | None:
    for encoding in ("utf-8", "utf-16-le"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_readable(text):
            return text
    return None


def _is_readable(text: str) -> bool:
    """Mostly printable, and mostly letters and spaces: what somebody would write, not what chance gives."""
    sample = text[:2000]
    printable = sum(character.isprintable() or character in "\n\r\t" for character in sample)
    letters = sum(character.isalnum() or character in " \n" for character in sample)
    common = sum(
        character < "\u0530" or "\u0600" <= character < "\u0700" or "\u3040" <= character < "\ua000"
        for character in sample
    )
    least = _READABLE * len(sample)
    return len(sample) >= 4 and printable >= least and common >= least and letters >= _LETTERS * len(sample)
