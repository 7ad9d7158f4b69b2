"""One phrase or regular expression of a signal, and what is worked out about it once somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import re2

from bedrock_audit.policy.common_words import ALWAYS
from bedrock_audit.policy.folding import folded
from bedrock_audit.policy.needs import Need, needs, parted
from bedrock_audit.policy.phrase import Choice, Item, Lists, Phrase, PhraseError, Word, phrase
from bedrock_audit.policy.phrase_pattern import exact
from bedrock_audit.policy.regex_needs import regex_needs
from bedrock_audit.record import Value

LONGEST_REGEX = 4000
MOST_LISTS = 20
LARGEST_PROGRAM = 20_000
"""Instructions of RE2; a list of a thousand words has about 8,000."""

_LIST_IN_REGEX = re.compile(r"\{\{([a-z0-9-]+)\}\}")
_PRIVATE_USE = 0xE000
_NO_LETTER_IN_REGEX = re.compile(
    r"\\Q.*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|.)|\\x(?:\{[^}]*\}|..)|\\.|\(\?P?<[^>]*>|\(\?[a-zA-Z-]+[:)]|\[:\^?[a-z]+:\]|\{\{[^}]*\}\}"
)
_IGNORES_CASE = re.compile(r"\(\?[a-zA-Z]*i")
_WORD_IN_REGEX = re.compile(r"\\.|([a-z]{3,})")


class PatternFacts(Value, frozen=True):
    """What looking ahead asks of a pattern (see `Pattern`); worked out once for all processes, see `known_patterns`."""

    needs: tuple[Need, ...]
    is_plain: bool


class Pattern(Value, frozen=True, dict=True):
    """What is written in the clause (`source`): a phrase or, with `is_regex`, a regular expression.

    `lists` are the word lists it may name. With `known` it is not even read until somebody matches it.
    """

    source: str
    lists: Lists
    is_regex: bool = False
    known: PatternFacts | None = None

    @cached_property
    def phrase(self) -> Phrase | None:
        """The phrase as read; None for a regular expression."""
        return None if self.is_regex else phrase(self.source, lists=self.lists)

    @cached_property
    def named(self) -> dict[str, Phrase]:
        """The word lists that a regular expression inserts."""
        names = _LIST_IN_REGEX.findall(self.source) if self.is_regex else ()
        return {name: phrase(f"<{name}>", lists=self.lists) for name in names}

    @cached_property
    def exact(self) -> str:
        """The regular expression (RE2, UTF-8) that finds it in folded text."""
        if self.phrase is not None:
            return exact(self.phrase)
        return _LIST_IN_REGEX.sub(lambda found: exact(self.named[found[1]]), self.source)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What must be in a text for it to be found there, the rarest first."""
        if self.known:
            return self.known.needs
        if self.phrase is not None:
            return needs(self.phrase)
        signs = {name: chr(_PRIVATE_USE + number) for number, name in enumerate(self.named)}
        listed = {signs[name]: next(map(parted, needs(read)), None) for name, read in self.named.items()}
        return regex_needs(_LIST_IN_REGEX.sub(lambda found: signs[found[1]], self.source), listed)

    @property
    def crosses(self) -> bool:
        """Whether it may cross sentences, as regular expressions may and phrases do not."""
        return self.is_regex

    @cached_property
    def is_plain(self) -> bool:
        """Whether it is a choice of single words: where one of them is, it is found."""
        if self.known:
            return self.known.is_plain
        if self.phrase is None or self.phrase.at_start or len(self.phrase.items) > 1:
            return False
        return all(isinstance(word, Word) and _is_bounded(word) for word in _alternatives(self.phrase.items[0]))

    @property
    def commonness(self) -> float:
        """In about how many texts of a hundred it has to be looked for."""
        return self.needs[0].commonness if self.needs else ALWAYS

    def words(self) -> Iterator[str]:
        """The words it speaks of."""
        if self.phrase is not None:
            yield from _words(self.phrase.items)
        else:
            yield from (found[1] for found in _WORD_IN_REGEX.finditer(self.source) if found[1])


def phrase_pattern(source: str, *, lists: Lists) -> Pattern:
    """A phrase; raises PhraseError if it cannot be read."""
    pattern = Pattern(source=source, lists=lists)
    if pattern.phrase is None or not pattern.phrase.items:
        raise PhraseError("is empty")
    return pattern


def regex_pattern(source: str, *, lists: Lists) -> Pattern:
    """A regular expression into which `{{name}}` inserts word lists; raises PhraseError. See `tried`."""
    if len(source) > LONGEST_REGEX:
        raise PhraseError(f"longer than {LONGEST_REGEX} characters")
    pattern = Pattern(source=source, lists=lists, is_regex=True)
    if len(pattern.named) > MOST_LISTS:
        raise PhraseError(f"names more than {MOST_LISTS} word lists")
    return pattern


def tried(pattern: Pattern) -> Pattern:
    """The regular expression if RE2 takes it, it is not too large, and it cannot match nothing; else PhraseError."""
    try:
        compiled = re2.compile(pattern.exact, quiet())
    except re2.error as error:
        raise PhraseError(_said(error)) from error
    if compiled.programsize > LARGEST_PROGRAM:
        raise PhraseError(f"too large ({compiled.programsize:,} instructions, {LARGEST_PROGRAM:,} allowed)")
    unseen = _unseen_letters(pattern.source)
    if unseen:
        raise PhraseError(f"{unseen!r} is never seen: texts are compared in small letters without accents")
    if compiled.search(b"") or compiled.search(b"\n"):
        raise PhraseError("matches nothing at all, so it would match everywhere")
    return pattern


def _unseen_letters(source: str) -> str:
    """Letters of a regular expression that folding leaves in no text; capitals are no matter if it ignores case."""
    plain = _NO_LETTER_IN_REGEX.sub("", source)
    ignores_case = _IGNORES_CASE.match(source) is not None
    return "".join(
        dict.fromkeys(
            letter
            for letter in plain
            if letter.isalpha() and folded(letter) != (letter.lower() if ignores_case else letter)
        )
    )


def quiet() -> re2.Options:
    """RE2's options for one pattern: no captures, errors told to us alone."""
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False
    return options


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _words(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Word):
            yield from item.forms
        elif isinstance(item, Choice):
            if "words" not in item.kept:
                item.kept["words"] = frozenset(word for option in item.options for word in _words(option))
            yield from item.kept["words"]


def _alternatives(item: Item) -> Iterator[Item | None]:
    """The items of which any one is enough; None for an option of several."""
    if not isinstance(item, Choice):
        yield item
        return
    for option in item.options:
        if len(option) == 1:
            yield from _alternatives(option[0])
        else:
            yield None


def _is_bounded(word: Word) -> bool:
    return not word.open_start and not word.open_end and all(form.isascii() and form.isalnum() for form in word.forms)
