"""A text as it is compared, and the way back: every place in it can be traced to characters of the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from bedrock_audit.policy.folding import folding
from bedrock_audit.record import Value

_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{1,2}|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])\\w)+")
_SENTENCE_END = re.compile(r"[.!?]+[\"')\]]*(?=\s|$)|[.!?]+(?=[\u3040-\u9fff])|\n")


class Piece(Value, frozen=True):
    """From `start` on, the view shows original characters: `step` 1 if one for one, 0 if all stand for `original`..`end`."""

    start: int
    original: int
    end: int
    one_for_one: bool


class View(Value, frozen=True, dict=True, eq=False):
    """`text` in folded letters; `original` is what it was made from, `pieces` the way back (none: one for one).

    `hidden` names how the text had been hidden if this view undid that.
    """

    text: str
    original: str
    pieces: tuple[Piece, ...] = ()
    hidden: frozenset[str] = frozenset()

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The original characters behind `start` to `end` of the view."""
        if not self.pieces:
            if self.original.isascii():
                return start, end
            return self._offsets[start], self._offsets[end - 1] + 1 if end > start else self._offsets[start]
        return self._through(start, is_end=False), self._through(end - 1, is_end=True)

    def _through(self, place: int, *, is_end: bool) -> int:
        piece = self.pieces[bisect_right(self._starts, place) - 1]
        if not piece.one_for_one:
            return piece.end if is_end else piece.original
        return piece.original + place - piece.start + (1 if is_end else 0)

    @cached_property
    def data(self) -> bytes:
        """The text as RE2 reads it."""
        return self.text.encode()

    @cached_property
    def _offsets(self) -> list[int]:
        """For each character of the folded text, the original character it came from."""
        table = folding()
        offsets = [place for place, character in enumerate(self.original) for _ in table[ord(character)]]
        return [*offsets, len(self.original)]

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    @cached_property
    def word_starts(self) -> list[int]:
        """Where each word begins; two Chinese or Japanese characters count as a word."""
        return [found.start() for found in _WORD.finditer(self.text)]

    def word_at(self, place: int) -> int:
        """The number of the word that holds or precedes the place, from 0."""
        return max(bisect_right(self.word_starts, place) - 1, 0)

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Where sentences and lines end."""
        return [found.end() for found in _SENTENCE_END.finditer(self.text)]

    def sentence_of(self, place: int) -> int:
        """The number of the sentence that holds the place."""
        return bisect_right(self.sentence_ends, place)

    def sentence_start(self, place: int) -> int:
        """Where the sentence that holds the place begins."""
        number = self.sentence_of(place)
        return self.sentence_ends[number - 1] if number else 0


def byte_offsets(text: str) -> Sequence[int]:
    """For a text that is not ASCII: where each character begins in UTF-8, and the length at the end."""
    sizes = (1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4 for code in map(ord, text))
    return [0, *accumulate(sizes)]
