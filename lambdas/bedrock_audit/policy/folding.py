"""Turns any text into the plain letters in which phrases are compared: lower case, no accents, no look-alikes.

Every character is folded for itself, whatever stands beside it, so that a place in the folded text can be traced back
to the original by counting. Phrases of clauses go through the same folding, so nothing is lost by it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

_BLANKS = frozenset("\u00bf\u00a1\u30fb\u2022\u2023\u25e6")
_BLANK_CATEGORIES = frozenset({"Zs", "So", "Sk"})
"""Signs that only decorate, emoji and their skin tones among them: they fold to a blank."""

_DROPPED = frozenset("\u0640\u115f\u1160\u3164\uffa0\u2800")
"""Letters that show nothing: the Arabic lengthening stroke, Hangul fillers, the blank Braille pattern."""

_KEPT_MARKS = frozenset("\u3099\u309a")
"""The sound marks of Japanese kana: without them が would become か."""

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_TAGS = range(0xE0020, 0xE007F)
"""Unicode tag characters: invisible copies of ASCII, used to smuggle instructions past readers."""

_BOXED_CAPITALS = (0x1F150, 0x1F170, 0x1F1E6)
"""Where the capitals in black circles, in black squares and of flags begin; Unicode has no plain letters for them."""


class Folding(dict[int, str]):
    """What each character folds to, filled in as characters are met; made for `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = _folded_character(chr(code))
        self[code] = folded
        return folded


@cache
def folding() -> Folding:
    """The table of this process: at most one entry per character of Unicode."""
    return Folding()


def folded(text: str) -> str:
    """The text in comparable letters; zero-width characters are gone, so it may be shorter, or longer, than before."""
    return text.lower() if text.isascii() else _FOREIGN.sub(_folded_run, text).lower()


def _folded_run(run: re.Match[str]) -> str:
    return run.group().translate(folding())


def _folded_character(character: str) -> str:
    if character < "\x80":
        return character.lower()
    if ord(character) in _TAGS:
        return chr(ord(character) - 0xE0000).lower()
    for begin in _BOXED_CAPITALS:
        if begin <= ord(character) < begin + 26:
            return chr(ord(character) - begin + ord("a"))
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_plain(piece) for piece in unicodedata.normalize("NFKD", plain))


def _plain(piece: str) -> str:
    if piece in _lookalikes():
        return _lookalikes()[piece]
    if piece < "\x80":
        return piece.lower()
    category = unicodedata.category(piece)
    if category in {"Mn", "Me"}:
        return piece if piece in _KEPT_MARKS else ""
    if category in _BLANK_CATEGORIES or piece in _BLANKS:
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if category in {"Cf", "Cc"} or piece in _DROPPED else piece


@cache
def _lookalikes() -> dict[str, str]:
    """Small letters of other scripts that are read as Latin ones (after Unicode's confusables), letters that Arabic
    writers use for one another, and the many quotation marks, dashes and full stops."""
    table = files("bedrock_audit.policy").joinpath("lexicons", "lookalikes.txt").read_text("utf-8")
    rows = (line.split() for line in table.splitlines())
    return {character: plain for plain, characters in rows for character in characters}
