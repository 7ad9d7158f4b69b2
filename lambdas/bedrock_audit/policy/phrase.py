"""Reads a phrase of a clause into words, choices and gaps; knows the phrase language, no clause and no matching.

    ^ fabricate~ ... (news|review~) about <person>?

`word` is a word, `word~` any English form (`(a|b)~` of each), `word*` or `*word` its beginning or end, `(a|b c)` a
choice, `<list>` a named word list, `?` after any of these makes it optional, `...` is a gap of up to four words within
the sentence and `...9` of up to nine, `^` at the beginning is the start of a sentence or line.
Compared in folded letters (`folding`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from bedrock_audit.located import nearest
from bedrock_audit.policy.folding import folded
from bedrock_audit.policy.inflection import forms
from bedrock_audit.record import Value

USUAL_GAP = 4
LONGEST_GAP = 15
LONGEST_PHRASE = 1000
DEEPEST_LIST = 10
MOST_WORDS = 4000
"""Words that one phrase may expand to, all choices and forms counted."""

_TOKEN = re.compile(
    r"\s+|\.\.\.(?P<gap>\d*)|<(?P<list>[a-z0-9-]+)>|(?P<sign>[()|?]|(?<=[)>])~)|(?P<word>[^\s()|?<>]+)|(?P<wrong>.)"
)


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why, without its place."""


class Word(Value, frozen=True):
    """One word as written forms; `open_start`/`open_end` when letters may precede or follow."""

    forms: tuple[str, ...]
    open_start: bool = False
    open_end: bool = False


class Gap(Value, frozen=True):
    """Up to `words` words of anything within the sentence."""

    words: int


class Choice(Value, frozen=True, dict=True):
    """One of several sequences; with `optional`, or none of them."""

    options: tuple[tuple[Word | Gap | Choice, ...], ...]
    optional: bool = False

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What was worked out about the choice before: a word list is read once and stands in many phrases."""
        return {}


Item = Word | Gap | Choice


class Phrase(Value, frozen=True):
    """A read phrase: its `items`, whether it must begin a sentence, and the source it was read from."""

    items: tuple[Item, ...]
    source: str
    at_start: bool = False


class Lists:
    """The word lists that phrases may name, each read when it is first named; `shared` ones are known as well."""

    def __init__(self, written: Mapping[str, Sequence[str]], shared: Lists | None = None) -> None:
        self.written = written
        self._shared = shared
        self._read: dict[str, Choice] = {}

    def names(self) -> list[str]:
        """The names of all lists."""
        return sorted({*self.written, *(self._shared.names() if self._shared else ())})

    def choice(self, name: str, *, inside: tuple[str, ...] = ()) -> Choice:
        """The words of the list; raises PhraseError if there is none, or if it contains itself."""
        if name not in self.written and self._shared:
            return self._shared.choice(name, inside=inside)
        if name not in self.written:
            raise PhraseError(f"there is no word list <{name}>{nearest(name, self.names())}")
        if len(inside) >= DEEPEST_LIST:
            raise PhraseError(f"word lists within word lists are read {DEEPEST_LIST} deep; <{name}> is deeper")
        if name not in self._read:
            within = (*inside, name)
            entries = (_Reader(entry, lists=self, inside=within).everything() for entry in self.written[name])
            self._read[name] = Choice(options=tuple(entries))
        return self._read[name]


def phrase(source: str, *, lists: Lists) -> Phrase:
    """Reads one phrase; raises PhraseError."""
    if len(source) > LONGEST_PHRASE:
        raise PhraseError(f"longer than {LONGEST_PHRASE} characters; split it or use a word list")
    at_start = source.startswith("^")
    items = _Reader(source.removeprefix("^"), lists=lists).everything()
    if _size(items) > MOST_WORDS:
        raise PhraseError(f"expands to more than {MOST_WORDS} words")
    return Phrase(items=items, source=source, at_start=at_start)


class _Reader:
    def __init__(self, source: str, *, lists: Lists, inside: tuple[str, ...] = ()) -> None:
        self.tokens = [token for token in _TOKEN.finditer(source) if not token.group().isspace()]
        self.lists = lists
        self.inside = inside
        self.at = 0

    def everything(self) -> tuple[Item, ...]:
        items = self.sequence()
        if self.at < len(self.tokens):
            raise PhraseError(f"unexpected {self.tokens[self.at].group()!r}")
        return items

    def sequence(self, *, depth: int = 0) -> tuple[Item, ...]:
        items: list[Item] = []
        while self.at < len(self.tokens) and self.tokens[self.at].group() not in {"|", ")"}:
            items.append(self.item(depth))
        if not items or isinstance(items[0], Gap) or isinstance(items[-1], Gap):
            raise PhraseError("a phrase, and each of its choices, begins and ends with a word")
        if all(isinstance(item, Choice) and item.optional for item in items if not isinstance(item, Gap)):
            raise PhraseError("everything in it is optional, so it would match anything")
        return tuple(items)

    def item(self, depth: int) -> Item:
        token = self.tokens[self.at]
        self.at += 1
        if token["gap"] is not None:
            return _gap(token["gap"])
        if token["word"]:
            return self.maybe(_word(token["word"]))
        if token["list"]:
            return self.maybe(self.listed(token["list"]))
        if token.group() == "(" and depth < 4:
            return self.maybe(self.choice(depth))
        raise PhraseError(f"unexpected {token.group()!r}")

    def choice(self, depth: int) -> Choice:
        options: list[tuple[Item, ...]] = []
        while True:
            options.append(self.sequence(depth=depth + 1))
            if self.at >= len(self.tokens):
                raise PhraseError("a '(' is not closed")
            self.at += 1
            if self.tokens[self.at - 1].group() == ")":
                break
        return Choice(options=tuple(options))

    def listed(self, name: str) -> Choice:
        if name in self.inside:
            raise PhraseError(f"the word list <{name}> contains itself")
        return self.lists.choice(name, inside=self.inside)

    def maybe(self, item: Word | Choice) -> Word | Choice:
        if isinstance(item, Choice) and self.at < len(self.tokens) and self.tokens[self.at].group() == "~":
            self.at += 1
            item = Choice(options=tuple(_inflected(option) for option in item.options))
        if self.at < len(self.tokens) and self.tokens[self.at].group() == "?":
            self.at += 1
            return Choice(options=((item,),), optional=True)
        return item


def _inflected(option: tuple[Item, ...]) -> tuple[Item, ...]:
    """The option with its first and last word in every form ("make up", "press release")."""
    edges = {0, len(option) - 1}
    return tuple(_all_forms(item) if place in edges else item for place, item in enumerate(option))


def _all_forms(item: Item) -> Item:
    if not isinstance(item, Word) or len(item.forms) > 1:
        return item
    return Word(forms=forms(item.forms[0]), open_start=item.open_start, open_end=item.open_end)


def _gap(digits: str) -> Gap:
    words = int(digits or USUAL_GAP)
    if not 1 <= words <= LONGEST_GAP:
        raise PhraseError(f"a gap is 1 to {LONGEST_GAP} words, not {words}")
    return Gap(words=words)


@lru_cache(maxsize=20_000)
def _word(text: str) -> Word:
    bare = text.strip("*").removesuffix("~")
    if "..." in bare:
        raise PhraseError(f"{text!r}: a gap stands between blanks")
    if not folded(bare) or "*" in bare or "~" in bare:
        raise PhraseError(f"{text!r} is not a word; '~' stands behind it, '*' before or behind it")
    shapes = forms(bare.lower()) if text.endswith("~") else (bare,)
    return Word(
        forms=tuple(dict.fromkeys(folded(shape) for shape in shapes)),
        open_start=text.startswith("*"),
        open_end=text.endswith("*"),
    )


def _size(items: Sequence[Item]) -> int:
    return sum(map(_words_in, items))


def _words_in(item: Item) -> int:
    if isinstance(item, Word):
        return len(item.forms)
    if isinstance(item, Gap):
        return 0
    if "size" not in item.kept:
        item.kept["size"] = sum(map(_size, item.options))
    return int(item.kept["size"])
