"""Turns a phrase into the regular expression that matches it in folded text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bedrock_audit.policy.phrase import Choice, Gap, Item, Phrase, Word

_BETWEEN = r"[\s\"'()\[\]{}:/_*#`~<>,;\\-]{1,6}"
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
    return start + _Rendering(phrase).bounded(phrase.items)


def _is_optional(item: Item) -> bool:
    return isinstance(item, Choice) and item.optional


class _Rendering:
    """How this phrase's script separates words."""

    def __init__(self, phrase: Phrase) -> None:
        self.is_cjk = any(map(_has_cjk, phrase.items))
        self.between = _BETWEEN_CJK if self.is_cjk else _BETWEEN

    def bounded(self, items: Sequence[Item]) -> str:
        before = _EDGE if _is_latin_edge(items, at=0) else ""
        after = _EDGE if _is_latin_edge(items, at=-1) else ""
        return f"{before}{self.sequence(items)}{after}"

    def sequence(self, items: Sequence[Item]) -> str:
        pieces: list[str] = []
        is_begun = False
        for item in items:
            if isinstance(item, Gap):
                pieces.append(self.gap(item))
            elif not _is_optional(item):
                pieces.append((self.between if is_begun else "") + self.one(item))
                is_begun = True
            elif is_begun:
                pieces.append(f"(?:{self.between}{self.one(item)})?")
            else:
                pieces.append(f"(?:{self.one(item)}{self.between})?")
        return "".join(pieces)

    def one(self, item: Word | Choice) -> str:
        if isinstance(item, Word):
            return _word(item)
        if self.between not in item.kept:
            item.kept[self.between] = "(?:" + "|".join(self.sequence(option) for option in item.options) + ")"
        return str(item.kept[self.between])

    def gap(self, gap: Gap) -> str:
        if self.is_cjk:
            return f"{_GAP_CJK}{{0,{gap.words * _CJK_PER_WORD}}}?"
        return f"(?:{_GAP_WORD}){{0,{gap.words}}}?"


def _word(word: Word) -> str:
    shapes = "|".join(_form(form) for form in word.forms)
    body = f"(?:{shapes})" if len(word.forms) > 1 else shapes
    after = _LETTERS if word.open_end else "(?:'s)?" if all(map(_is_latin, word.forms[0])) else ""
    return (_LETTERS if word.open_start else "") + body + after


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


def _is_latin_edge(items: Sequence[Item], *, at: int) -> bool:
    """Whether all that may stand at the edge is Latin: the item there, and what follows while it is optional."""
    for item in items if at == 0 else reversed(items):
        if not _is_latin_item(item, at=at):
            return False
        if not _is_optional(item):
            return True
    return True


def _is_latin_item(item: Item, *, at: int) -> bool:
    if isinstance(item, Word):
        return all(_is_latin(form[at]) for form in item.forms)
    if isinstance(item, Gap):
        return True
    name = f"latin at {at}"
    if name not in item.kept:
        item.kept[name] = all(_is_latin_edge(option, at=at) for option in item.options)
    return bool(item.kept[name])
