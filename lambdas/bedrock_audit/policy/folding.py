"""Turns any text into the plain letters in which phrases are compared: lower case, no accents, no look-alikes.

Every character is folded for itself, whatever stands beside it, so that a place in the folded text can be traced back to
the original by counting. Phrases of clauses go through the same folding, so nothing is lost by it.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_LOOKALIKES = {
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "є": "e", "һ": "h", "н": "h", "і": "i", "ї": "i", "ј": "j", "к": "k",
    "ӏ": "l", "м": "m", "о": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "ѵ": "v", "у": "y", "ү": "y", "ԝ": "w", "х": "x", "ѡ": "w",
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ω": "w",
    "ɑ": "a", "ɡ": "g", "ɩ": "i", "ı": "i", "ɪ": "i", "ʟ": "l", "ɴ": "n", "ʀ": "r", "ꜱ": "s", "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d",
    "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w",
    "ʏ": "y", "ᴢ": "z", "ո": "n", "օ": "o", "ս": "u", "հ": "h", "ց": "g", "զ": "q", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": "",
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "ʹ": "'", "′": "'", "´": "'", "`": "`",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "‹": '"', "›": '"', "「": '"', "」": '"', "『": '"', "』": '"', "″": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "⁃": "-",
    "。": ".", "､": ",", "、": ",", "،": ",", "؛": ";", "؟": "?", "・": " ", "·": "-", "¿": " ", "¡": " ", "⁄": "/", "∕": "/",
}  # fmt: skip
"""Small letters of other scripts that are read as Latin ones (after Unicode's confusables), letters that Arabic
writers use for one another, and the many quotation marks, dashes and full stops."""

_KEPT_MARKS = frozenset("\u3099\u309a")
"""The sound marks of Japanese kana: without them が would become か."""

_TAGS = range(0xE0020, 0xE007F)
"""Unicode tag characters: invisible copies of ASCII, used to smuggle instructions past readers."""


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
    return text.lower() if text.isascii() else text.translate(folding())


def _folded_character(character: str) -> str:
    if character < "\x80":
        return character.lower()
    if ord(character) in _TAGS:
        return chr(ord(character) - 0xE0000).lower()
    plain = unicodedata.normalize("NFKD", character).casefold()
    return "".join(_plain(piece) for piece in unicodedata.normalize("NFKD", plain))


def _plain(piece: str) -> str:
    if piece in _LOOKALIKES:
        return _LOOKALIKES[piece]
    if piece < "\x80":
        return piece.lower()
    category = unicodedata.category(piece)
    if category in {"Mn", "Me"}:
        return piece if piece in _KEPT_MARKS else ""
    if category == "Zs":
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if category in {"Cf", "Cc"} or _is_filler(piece) else piece


def _is_filler(piece: str) -> bool:
    """Letters that show nothing: Hangul fillers and the blank Braille pattern."""
    return piece in "\u115f\u1160\u3164\uffa0\u2800"
