"""Undoes escapes of single characters: percent escapes, those of program text, character references of HTML."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import unquote

from bedrock_audit.detect.disguises import Undone
from bedrock_audit.detect.scanning import finder

Said = Callable[[re.Match[str]], str]

_PERCENT = r"(?:[\w.~!*'()+/-]*%[0-9A-Fa-f]{2})+[\w.~!*'()+-]*"
_ONE_PERCENT = re.compile(r"%[0-7][0-9A-Fa-f]|(?:%[89A-Fa-f][0-9A-Fa-f])+|[+]")
_UNICODE = r"\\+u[0-9A-Fa-f]{4}|\\+u\{[0-9A-Fa-f]{1,6}\}|\\+U[0-9A-Fa-f]{8}|U\+[0-9A-Fa-f]{4,6}"
_REFERENCE = r"&(?:amp;)*#(?:[xX][0-9A-Fa-f]{1,6};|[0-9]{1,7};?)|&(?:amp;)*[A-Za-z]{2,8};"
_ESCAPES = rf"(?:(?:{_UNICODE}|{_REFERENCE}|\\+[nrt]) ?)+"
_ONE_ESCAPE = re.compile(rf"(?P<unicode>{_UNICODE})|(?P<reference>{_REFERENCE})|(?P<blank>\\+[nrt])")
_ESCAPED_TWICE = re.compile(r"&(?:amp;)+(?=[#\w])")
_NO_DIGITS = re.compile(r"[\\uU+{}]+")
_LEAST_SPACED = 3
_ONE_BYTE = 3
_READABLE = 0.85
_NOT_DECODED = "\ufffd"


def escaped(text: str) -> Iterator[Undone]:
    """Every run of escapes, undone."""
    for run in finder(_PERCENT).finditer(text):
        yield from _undone(run.group(), run.start(), one=_ONE_PERCENT, said=_percent)
    for run in finder(_ESCAPES).finditer(text):
        yield from _undone(run.group().rstrip(), run.start(), one=_ONE_ESCAPE, said=_escape)


def _undone(run: str, place: int, *, one: re.Pattern[str], said: Said) -> Iterator[Undone]:
    """The run with its escapes undone; blanks between all of them only keep them apart."""
    found = list(one.finditer(run))
    is_spaced = len(found) >= _LEAST_SPACED and run.count(" ") == len(found) - 1
    read: list[str] = []
    letters = array("I")
    at = 0
    for escape in found:
        if not is_spaced:
            read.append(run[at : escape.start()])
            letters.extend(_themselves(place + at, place + escape.start()))
        at = escape.end()
        read.append(said(escape))
        letters.extend((place + escape.start(), place + at) * len(read[-1]))
    letters.extend(_themselves(place + at, place + len(run)))
    text = "".join(read) + run[at:]
    if text != run and _is_readable(text):
        yield Undone(start=place, end=place + len(run), text=text, how="percent", letters=letters)


def _themselves(start: int, end: int) -> Iterator[int]:
    """Begin and end of each character that stands for itself."""
    return (place + step for place in range(start, end) for step in (0, 1))


def _percent(found: re.Match[str]) -> str:
    shown = found.group()
    if shown == "+":
        return " "
    return chr(int(shown[1:], 16)) if len(shown) == _ONE_BYTE else unquote(shown, errors="replace")


def _escape(found: re.Match[str]) -> str:
    if found["blank"]:
        return "\n"
    if found["reference"]:
        return unescape(_ESCAPED_TWICE.sub("&", found["reference"]).rstrip(";") + ";")
    code = int(_NO_DIGITS.sub("", found["unicode"]), 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def _is_readable(text: str) -> bool:
    """Mostly printable: what somebody would escape, or a program that escapes text."""
    sample = text[:2000]
    shown = sum((character.isprintable() and character != _NOT_DECODED) or character.isspace() for character in sample)
    return shown >= _READABLE * len(sample)
