"""Undoes encodings of text that stand within a text: base64, hexadecimal, percent and character escapes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from bedrock_audit.detect.disguises import Undone
from bedrock_audit.detect.scanning import finder

LONGEST_RUN = 200_000
"""Characters of one run; a longer one is a file, not a hidden prompt."""

_BASE64 = r"(?:[A-Za-z0-9+/_-]{16,}[ \t]*\r?\n?)+={0,2}"
_HEX = r"\b(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s:,]{0,2}){8,}"
_PERCENT = r"(?:[\w.~!*'()+/-]*%[0-9A-Fa-f]{2}){3,}[\w.~!*'()+-]*"
_ESCAPES = r"(?:(?:\\u\{?[0-9A-Fa-f]{2,6}\}?|\\U[0-9A-Fa-f]{8}|&#x?[0-9A-Fa-f]{1,7};|U\+[0-9A-Fa-f]{4,6})[ ]?){3,}"
_ONE_ESCAPE = re.compile(r"(?:\\[uU]\{?|U\+)([0-9A-Fa-f]{2,8})\}?[ ]?|&#x([0-9A-Fa-f]{1,6});[ ]?|&#(\d{1,7});[ ]?")
_READABLE = 0.85
_LETTERS = 0.6


def encoded(text: str) -> Iterator[Undone]:
    """Every run that decodes to readable text."""
    for pattern, decode, how in (
        (_HEX, _from_hex, "hex"),
        (_BASE64, _from_base64, "base64"),
        (_PERCENT, _from_percent, "percent"),
        (_ESCAPES, _from_escapes, "percent"),
    ):
        for run in finder(pattern).finditer(text):
            shown = run.group().rstrip()
            said = decode(shown) if len(shown) <= LONGEST_RUN else None
            if said and _is_readable(said):
                yield Undone(start=run.start(), end=run.start() + len(shown), text=said, how=how)


def _from_base64(run: str) -> str | None:
    letters = "".join(run.split()).rstrip("=").replace("-", "+").replace("_", "/")
    if len(letters) < 16 or len(letters) % 4 == 1:
        return None
    return _as_text(base64.b64decode(letters + "=" * (-len(letters) % 4)))


def _from_hex(run: str) -> str | None:
    digits = re.sub(r"0x|\\x|[\s:,]", "", run)
    return _as_text(binascii.unhexlify(digits)) if len(digits) % 2 == 0 else None


def _from_percent(run: str) -> str | None:
    return unquote(run.replace("+", " "), errors="replace")


def _from_escapes(run: str) -> str | None:
    return _ONE_ESCAPE.sub(_escaped, run)


def _escaped(found: re.Match[str]) -> str:
    code = int(found[3]) if found[3] else int(found[1] or found[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


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
    letters = sum(character.isalpha() or character in " \n" for character in sample)
    common = sum(
        character < "\u0250" or "\u0600" <= character < "\u0700" or "\u3040" <= character < "\ua000"
        for character in sample
    )
    least = _READABLE * len(sample)
    return len(sample) >= 4 and printable >= least and common >= least and letters >= _LETTERS * len(sample)
