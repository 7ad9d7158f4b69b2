"""Turns a phrase into the regular expression that matches it in folded text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bedrock_audit.policy.phrase import Choice, Gap, Item, Phrase, Word
from bedrock_audit.record import Value

_BETWEEN = r"[\s\"'()\[\]{}:/_*#`~<>,;|+=&^\\-]+"
_GAP_WORD = r"[^\s\w]{0,3}\s+\S+"
"""Any word; that no sentence ends within a gap is seen to by whoever matches one sentence at a time."""
_BETWEEN_CJK = r"\s{0,2}"
_GAP_CJK = r"[^.!?\n]"
_CJK_PER_WORD = 2
_EDGE = r"(?:\b|_)"
"""A word's edge; names of JSON fields and of variables have an underscore there."""
_LETTERS = r"[\w\x{80}-\x{10ffff}]*"
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_PREFIX = "(?:[\u0648\u0641\u0628\u0643\u0644]{0,2}(?:\u0627\u0644)?)"
"""And, so, by, like, to and the: written together with the word in Arabic."""


def exact(phrase: Phrase) -> str:
    """The regular expression (RE2, UTF-8) that matches the phrase in folded text."""
    start = r"(?:\A|[.!?:\n]\s*)[\"'*_>#\s-]*" if phrase.at_start else ""
    return start + _Rendering(phrase).sequence(phrase.items, _Edges(before=True, after=True))


def _is_optional(item: Item) -> bool:
    return isinstance(item, Choice) and item.optional


def _may_be_nothing(item: Item) -> bool:
    return isinstance(item, Gap) or _is_optional(item)


class _Edges(Value, frozen=True):
    """Whether a word must begin, and end, where it stands at an edge of the phrase."""

    before: bool
    after: bool

    def of(self, place: int, items: Sequence[Item]) -> _Edges:
        """The edges of the item at that place: those of the phrase, if all between it and the edge may be nothing."""
        return _Edges(
            before=self.before and all(map(_may_be_nothing, items[:place])),
            after=self.after and all(map(_may_be_nothing, items[place + 1 :])),
        )


class _Rendering:
    """How this phrase's script separates words."""

    def __init__(self, phrase: Phrase) -> None:
        self.is_cjk = any(map(_has_cjk, phrase.items))
        self.between = _BETWEEN_CJK if self.is_cjk else _BETWEEN

    def sequence(self, items: Sequence[Item], edges: _Edges) -> str:
        pieces: list[str] = []
        is_begun = False
        for place, item in enumerate(items):
            if isinstance(item, Gap):
                pieces.append(self.gap(item))
                continue
            one = self.one(item, edges.of(place, items))
            if not _is_optional(item):
                pieces.append((self.between if is_begun else "") + one)
                is_begun = True
            else:
                pieces.append(f"(?:{self.between}{one})?" if is_begun else f"(?:{one}{self.between})?")
        return "".join(pieces)

    def one(self, item: Word | Choice, edges: _Edges) -> str:
        if isinstance(item, Word):
            return _word(item, edges)
        name = f"{self.between} {edges}"
        if name not in item.kept:
            item.kept[name] = "(?:" + "|".join(self.sequence(option, edges) for option in item.options) + ")"
        return str(item.kept[name])

    def gap(self, gap: Gap) -> str:
        if self.is_cjk:
            return f"{_GAP_CJK}{{0,{gap.words * _CJK_PER_WORD}}}?"
        return f"(?:{_GAP_WORD}){{0,{gap.words}}}?"


def _word(word: Word, edges: _Edges) -> str:
    """Edges are for Latin letters; other scripts write words without anything between them."""
    shapes = "|".join(_form(form) for form in word.forms)
    body = f"(?:{shapes})" if len(word.forms) > 1 else shapes
    before = _LETTERS if word.open_start else _EDGE if edges.before and _is_latin(word.forms[0][0]) else ""
    if word.open_end:
        return f"{before}{body}{_LETTERS}"
    after = _EDGE if edges.after and _is_latin(word.forms[0][-1]) else ""
    possessive = "(?:'s)?" if all(map(_is_latin, word.forms[0])) else ""
    return f"{before}{body}{possessive}{after}"


def _form(form: str) -> str:
    body = re.escape(form).replace(r"\-", r"[\s-]?").replace("'", "'?")
    return _ARABIC_PREFIX + body if _ARABIC.match(form) else body


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _has_cjk(item: Item) -> bool:
    if isinstance(item, Word):
        return any(_CJK.search(form) for form in item.forms)
    if isinstance(item, Gap):
        return False
    if "cjk" not in item.kept:
        item.kept["cjk"] = any(_has_cjk(piece) for option in item.options for piece in option)
    return bool(item.kept["cjk"])
