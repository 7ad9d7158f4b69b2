"""Turns an English word into its written forms; knows spelling, no grammar."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_VOWELS = frozenset("aeiou")
_DOUBLING = frozenset("bdgklmnprt")
"""Last letters that double after a single vowel (`plan`, `planned`)."""


@cache
def forms(word: str) -> tuple[str, ...]:
    """The word and its plural, third person, past and -ing forms, -ise and -ize alike, in a stable order.

    Over-generates harmlessly ("childs" is never written); a noun and a verb get the same treatment.
    """
    spellings = [word, *_other_spelling(word)]
    return tuple(dict.fromkeys(form for spelling in spellings for form in _forms(spelling)))


def _forms(word: str) -> list[str]:
    if word in _irregular():
        return list(_irregular()[word])
    return [word, _with_s(word), _past(word), _stem(word) + "ing"]


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    table = files("bedrock_audit.policy").joinpath("lexicons", "irregular-english.txt").read_text("utf-8")
    return {line.split()[0]: tuple(line.split()) for line in table.splitlines()}


def _other_spelling(word: str) -> list[str]:
    for ending, other in (("ise", "ize"), ("ize", "ise"), ("yse", "yze"), ("yze", "yse")):
        if word.endswith(ending) and len(word) > 5:
            return [word[:-3] + other]
    return []


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _past(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ied"
    return _stem(word) + "ed"


def _stem(word: str) -> str:
    """What -ing is added to: without a silent e, with the last consonant doubled where English does that."""
    if word.endswith("ie"):
        return word[:-2] + "y"
    if word.endswith("e") and not word.endswith(("ee", "oe", "ye")):
        return word[:-1]
    if _doubles(word):
        return word + word[-1]
    return word


def _doubles(word: str) -> bool:
    vowels = sum(letter in _VOWELS for letter in word)
    return vowels == 1 and len(word) > 2 and word[-1] in _DOUBLING and word[-2] in _VOWELS
