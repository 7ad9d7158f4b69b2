"""A text as it is compared, and the way back: every place in it can be traced to characters of the original."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from bedrock_audit.policy.folding import folding
from bedrock_audit.record import Value

_WORD = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,2}|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])\\w)+"
)
_SENTENCE_END = re.compile("[.!?][\"')\\]]{0,3}(?=\\s|$)|[.!?](?=[\u3040-\u9fff])|\n")


_TRICKS = {
    "invisible": re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\U000e0020-\U000e007e]"),
    "look-alikes": re.compile(
        "[a-zA-Z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][a-zA-Z]|[\uff21-\uff5a]|[\U0001d400-\U0001d7ff]"
    ),
}


class Piece(Value, frozen=True):
    """From `start` on, a view shows what stands for `original` to `end` of the text.

    It does so one for one, or each character for those of `letters` (begin and end, in turn), or else as a whole.
    """

    start: int
    original: int
    end: int
    one_for_one: bool
    letters: Sequence[int] = ()


class View(Value, frozen=True, dict=True, eq=False):
    """`text` is `original` in folded letters; with `pieces`, `original` is itself the text with something undone in it.

    `undone` names how that had been hidden.
    """

    text: str
    original: str
    pieces: tuple[Piece, ...] = ()
    undone: frozenset[str] = frozenset()

    @cached_property
    def hidden(self) -> frozenset[str]:
        """How the text had been hidden: what was undone, and what folding has seen through."""
        if self.original.isascii():
            return self.undone
        return self.undone.union(name for name, trick in _TRICKS.items() if trick.search(self.original))

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The original characters behind `start` to `end` of the view."""
        start, end = self.shown_span(start, end)
        if not self.pieces:
            return start, end
        return self._traced(start, is_end=False), self._traced(max(end - 1, start), is_end=True)

    def shown_span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of `original` behind `start` to `end` of the folded text."""
        if self.original.isascii():
            return start, end
        return self._offsets[start], self._offsets[end - 1] + 1 if end > start else self._offsets[start]

    def _traced(self, place: int, *, is_end: bool) -> int:
        piece = self.pieces[bisect_right(self._starts, place) - 1]
        if piece.letters:
            return piece.letters[2 * (place - piece.start) + is_end]
        if not piece.one_for_one:
            return piece.end if is_end else piece.original
        return piece.original + place - piece.start + (1 if is_end else 0)

    @cached_property
    def data(self) -> bytes:
        """The text as RE2 reads it."""
        return self.text.encode()

    def place_of_byte(self, place: int) -> int:
        """The character of the folded text at that byte of `data`."""
        return place if self.text.isascii() else self._characters_by_byte[place]

    @cached_property
    def _characters_by_byte(self) -> Sequence[int]:
        sizes = [len(character.encode()) for character in self.text]
        return array("I", [*(place for place, size in enumerate(sizes) for _ in range(size)), len(self.text)])

    @cached_property
    def _offsets(self) -> Sequence[int]:
        """For each character of the folded text, the original character it came from."""
        table = folding()
        offsets = [place for place, character in enumerate(self.original) for _ in table[ord(character)]]
        return array("I", [*offsets, len(self.original)])

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    @cached_property
    def word_starts(self) -> Sequence[int]:
        """Where each word begins; two Chinese or Japanese characters count as a word."""
        return array("I", (found.start() for found in _WORD.finditer(self.text)))

    def word_at(self, place: int) -> int:
        """The number of the word that holds or precedes the place, from 0."""
        return max(bisect_right(self.word_starts, place) - 1, 0)

    @cached_property
    def sentence_ends(self) -> Sequence[int]:
        """Where sentences and lines end."""
        return array("I", (found.end() for found in _SENTENCE_END.finditer(self.text)))

    def sentence_of(self, place: int) -> int:
        """The number of the sentence that holds the place."""
        return bisect_right(self.sentence_ends, place)

    def sentence_start(self, place: int) -> int:
        """Where the sentence that holds the place begins."""
        number = self.sentence_of(place)
        return self.sentence_ends[number - 1] if number else 0
