"""Turns a phrase into the regular expression that matches it in folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bedrock_audit.policy.phrase import Choice, Gap, Item, Phrase, Word

_BETWEEN = r"[\s\"'()\[\]{}:/_*#`~<>,;\\-]{1,6}"
_GAP_WORD = r"[,;:\"')\]]{0,3}(?:[ \t]+|[ \t]*\n[ \t]*|-)(?:(?:mr|mrs|ms|dr|prof|st)\.|\S*[^\s.!?])"
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
        self.is_cjk = any(_CJK.search(form) for form in _all_forms(phrase.items))
        self.between = _BETWEEN_CJK if self.is_cjk else _BETWEEN

    def bounded(self, items: Sequence[Item]) -> str:
        before = _EDGE if all(_is_latin(form[0]) for form in _edge_forms(items)) else ""
        after = _EDGE if all(_is_latin(form[-1]) for form in _edge_forms(items[::-1], last=True)) else ""
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
        return "(?:" + "|".join(self.sequence(option) for option in item.options) + ")"

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


def _all_forms(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Word):
            yield from item.forms
        elif isinstance(item, Choice):
            for option in item.options:
                yield from _all_forms(option)


def _edge_forms(items: Sequence[Item], *, last: bool = False) -> Iterator[str]:
    """Forms that may stand at the edge: those of the first item, and of what follows as long as it is optional."""
    for item in items:
        if isinstance(item, Word):
            yield from item.forms
        elif isinstance(item, Choice):
            for option in item.options:
                yield from _edge_forms(option[::-1] if last else option, last=last)
        if not _is_optional(item):
            return
