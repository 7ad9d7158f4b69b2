"""Undoes writing that hides words from a reader of words: leetspeak, spaced-out letters, ROT13; on folded text."""

from __future__ import annotations

import codecs
import re
from array import array
from collections.abc import Iterator, Sequence

from bedrock_audit.detect.scanning import finder
from bedrock_audit.record import Value

LONGEST_TOKEN = 32
MOST_CUT = 50_000
"""Letters of one text, written apart, that are put together to words; to find where each ends takes a second for half
a million."""

_TOKEN = re.compile(r"[^\s,;:.()\"'`/\\\[\]{}<>?*_-]+")
_LEET = tuple(str.maketrans("0134578@$!|", letters) for letters in ("oieastbasil", "oleastbasil"))
_SPACED = r"\b[a-z013457](?:[^a-z0-9\x{80}-\x{10ffff}]{1,3}[a-z013457]){3,}\b"
"""Letters, or digits in their stead, with up to three signs (emoji are blanks by then) between each two."""
_LEAST_APART = 4
_UNKNOWN = 4
"""What a letter that is in no known word counts, when a known word counts 1."""
_APART = re.compile(r"([a-z0-9])([^a-z0-9]*)")
_LEAST_LETTERS = 0.34
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]+")
_WORD = re.compile(r"[a-z]+")
_ROT13_SHARE = 0.4
_ROT13_WORDS = 3
_ROT13_KNOWN = 2


class Undone(Value, frozen=True):
    """Characters `start` to `end` of a text, and what they say; `how` is a value of `hidden` in clauses.

    `letters` are, where that is known, begin and end of what each character of `text` stands for, one after the other.
    """

    start: int
    end: int
    text: str
    how: str
    letters: Sequence[int] = ()


def leetspeak(text: str, words: frozenset[str]) -> Iterator[Undone]:
    """Tokens with digits and signs for letters, where that makes a known word of them."""
    seen: dict[str, str | None] = {}
    for found in _TOKEN.finditer(text):
        token = found.group()
        if token.isalpha() or len(token) > LONGEST_TOKEN:
            continue
        if token not in seen:
            seen[token] = _read_leet(token, words)
        read = seen[token]
        if read:
            yield Undone(start=found.start(), end=found.start() + len(read), text=read, how="leetspeak")


def _read_leet(token: str, words: frozenset[str]) -> str | None:
    """The token as a known word; a 1 is an i or an l, a sign at the end may be just that."""
    for candidate in dict.fromkeys((token, token.rstrip("!|$"))):
        for letters in _LEET:
            word = candidate.translate(letters)
            if word in words and word != candidate:
                return word
    return None


def spaced_out(text: str, words: frozenset[str]) -> Iterator[Undone]:
    """Letters with something between each two: put together, and cut into known words where no wider gap shows them."""
    room = MOST_CUT
    for run in finder(_SPACED).finditer(text):
        apart = _APART.findall(run.group())[:room]
        room -= len(apart)
        if len(apart) < _LEAST_APART:
            return
        if sum(letter.isalpha() for letter, _ in apart) < _LEAST_LETTERS * len(apart):
            continue
        read = _joined(apart, words)
        letters = array("I", _letters(read, apart, run.start()))
        yield Undone(start=run.start(), end=letters[-1], text=read, how="spaced", letters=letters)


def _letters(read: str, apart: Sequence[tuple[str, str]], place: int) -> Iterator[int]:
    """Begin and end of each character of what was read; a blank stands in the gap between two letters."""
    gaps = iter(apart)
    before = place
    for character in read:
        if character == " ":
            yield from (before, place)
        else:
            before = place + 1
            yield from (place, before)
            place = before + len(next(gaps)[1])


def _joined(apart: Sequence[tuple[str, str]], words: frozenset[str]) -> str:
    """The letters, each with the gap after it, as words: those that wider gaps show, unless only others are known."""
    usual = min(len(gap) for _, gap in apart[:-1])
    shown = "".join(letter + " " * (len(gap) > usual) for letter, gap in apart).translate(_LEET[0]).split()
    read = [piece for some in shown for piece in _cut(some, words)]
    if any(piece not in words for piece in read):
        other = _cut("".join(shown), words)
        if len(shown) == 1 or all(piece in words for piece in other):
            return " ".join(other)
    return " ".join(read)


def _cut(letters: str, words: frozenset[str]) -> list[str]:
    """The letters as the fewest known words, with as few letters as can be between them that are none."""
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(letters) + 1):
        known = (
            (best[start][0] + 1, start)
            for start in range(max(0, end - LONGEST_TOKEN), end)
            if _is_word(letters[start:end], words)
        )
        best.append(min([(best[end - 1][0] + _UNKNOWN, end - 1), *known]))
    return _pieces(letters, [start for _, start in best], words)


def _is_word(piece: str, words: frozenset[str]) -> bool:
    return piece in words or piece in {"a", "i"}


def _pieces(letters: str, starts: Sequence[int], words: frozenset[str]) -> list[str]:
    """The pieces that end where each begins, from the end on; letters that are no words are left together."""
    pieces: list[str] = []
    end = len(letters)
    is_unknown = False
    while end:
        piece = letters[starts[end] : end]
        was_unknown, is_unknown = is_unknown, len(piece) == 1 and not _is_word(piece, words)
        if was_unknown and is_unknown:
            pieces[-1] = piece + pieces[-1]
        else:
            pieces.append(piece)
        end = starts[end]
    return pieces[::-1]


def controls(text: str, words: frozenset[str]) -> Iterator[Undone]:  # noqa: ARG001 - called as the others are
    """Control characters, which show nothing and cut a word in two."""
    for run in _CONTROLS.finditer(text):
        yield Undone(start=run.start(), end=run.end(), text="", how="invisible")


def rot13(text: str, words: frozenset[str]) -> Iterator[Undone]:
    """Runs of words that are known ones once turned by thirteen letters, and are not as they stand."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if _is_plain(word.group(), words):
            yield from _turned(text, run, words)
            run = []
        else:
            run.append(word)
    yield from _turned(text, run, words)


def _is_plain(word: str, words: frozenset[str]) -> bool:
    return word in words and codecs.encode(word, "rot13") not in words


def _turned(text: str, run: Sequence[re.Match[str]], words: frozenset[str]) -> Iterator[Undone]:
    """The run from its first to its last word that is known once turned, if there are enough of these."""
    known = [place for place, word in enumerate(run) if codecs.encode(word.group(), "rot13") in words]
    if len(known) < _ROT13_KNOWN or len(run) < _ROT13_WORDS:
        return
    run = run[known[0] : known[-1] + 1]
    if len(run) >= _ROT13_WORDS and len(known) >= _ROT13_SHARE * len(run):
        start, end = run[0].start(), run[-1].end()
        yield Undone(start=start, end=end, text=codecs.encode(text[start:end], "rot13"), how="rot13")
