"""Undoes writing that hides words from a reader of words: leetspeak, spaced-out letters, ROT13; on folded text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from bedrock_audit.detect.scanning import finder
from bedrock_audit.record import Value

LONGEST_TOKEN = 32
LONGEST_SPACED = 2_000

_TOKEN = re.compile(r"[^\s,;:.()\"'`/\\\[\]{}<>?*_-]+")
_LEET = tuple(str.maketrans("0134578@$!|", letters) for letters in ("oieastbasil", "oleastbasil"))
_SPACED = r"\b[a-z](?:(?:[ .*/-]{1,3}[a-z]){3,}|(?:_{1,2}[a-z]){3,})\b"
_SPACED_GAP = re.compile(r"[ ._*/-]{2,3}")
_WORD = re.compile(r"[a-z]+")
_ROT13_SHARE = 0.4


class Undone(Value, frozen=True):
    """Characters `start` to `end` of a text, and what they say; `how` is a value of `hidden` in clauses."""

    start: int
    end: int
    text: str
    how: str


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
    for run in finder(_SPACED).finditer(text):
        if len(run.group()) <= LONGEST_SPACED:
            pieces = [re.sub(r"[\W_]", "", piece) for piece in _SPACED_GAP.split(run.group())]
            read = " ".join(_cut(piece, words) for piece in pieces if piece)
            yield Undone(start=run.start(), end=run.end(), text=read, how="spaced")


def _cut(letters: str, words: frozenset[str]) -> str:
    """The letters as the fewest known words; as they are if they cannot be cut so."""
    best: list[tuple[int, int] | None] = [(0, 0)]
    for end in range(1, len(letters) + 1):
        choices = [
            (before[0] + 1, start)
            for start in range(max(0, end - LONGEST_TOKEN), end)
            if (before := best[start]) is not None and (letters[start:end] in words or letters[start:end] in {"a", "i"})
        ]
        best.append(min(choices, default=None))
    if best[-1] is None:
        return letters
    return " ".join(_pieces(letters, best))


def _pieces(letters: str, best: Sequence[tuple[int, int] | None]) -> list[str]:
    pieces: list[str] = []
    end = len(letters)
    while end and (step := best[end]) is not None:
        pieces.insert(0, letters[step[1] : end])
        end = step[1]
    return pieces


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
    known = sum(codecs.encode(word.group(), "rot13") in words for word in run)
    if len(run) >= 3 and known >= 2 and known >= _ROT13_SHARE * len(run):
        start, end = run[0].start(), run[-1].end()
        yield Undone(start=start, end=end, text=codecs.encode(text[start:end], "rot13"), how="rot13")
