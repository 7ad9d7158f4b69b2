"""Turns a text into the views it is compared in: as folded letters, and, where something was hidden, with that undone.

A guard looks for traces of hiding first, so that plain text costs one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import re2

from bedrock_audit.detect.disguises import Undone, leetspeak, rot13, spaced_out
from bedrock_audit.detect.encodings import encoded
from bedrock_audit.detect.view import Piece, View
from bedrock_audit.policy.folding import folded

DEEPEST = 3
"""How often something hidden within something hidden is undone."""
MOST_UNDONE = 500
"""Undone runs per text; a text with more is data."""

Undoing = Callable[[str, frozenset[str]], Iterator[Undone]]

_TRACES: tuple[tuple[str, str], ...] = (
    ("encoded", r"[a-z0-9+/]{20}|(?:[0-9a-f]{2}[\s:,]{1,2}){8}|(?:\\x[0-9a-f]{2}){4}|0x[0-9a-f]{2}[\s,]+0x"),
    ("encoded", r"%[0-9a-f]{2}[^\s%]{0,20}%[0-9a-f]{2}|\\u\{?00[2-7]|&#x?[0-9a-f]{2,}|u\+00[2-7]"),
    ("leetspeak", r"[a-z][013457@$]+[a-z]|\b[0134@$][a-z]{3}|[a-z]{2}[01345$]\b"),
    ("spaced", r"\b\w[ ._*/-]{1,3}\w[ ._*/-]{1,3}\w[ ._*/-]{1,3}\w\b"),
    ("rot13", r"\b(?:gur|naq|jvgu|lbhe?|ubj|gung|guvf|znxr|jevgr|vtaber|cebzcg|nyy|nobhg|sebz|zr|sbe)\b"),
)
_LETTER_BY_LETTER = frozenset({"rot13", "leetspeak"})
_NESTING = frozenset({"base64", "hex", "percent", "rot13"})
_UNDOING: dict[str, Undoing] = {"leetspeak": leetspeak, "spaced": spaced_out, "rot13": rot13}


class Canonical:
    """Makes views; `words` are those that leetspeak and spaced-out letters may be read as."""

    def __init__(self, words: Callable[[], frozenset[str]]) -> None:
        self._words = words
        self._known: frozenset[str] | None = None
        options = re2.Options()
        options.never_capture = True
        options.max_mem = 16 << 20
        self._guard = re2.Set.SearchSet(options)
        for _, trace in _TRACES:
            self._guard.Add(trace)
        self._guard.Compile()

    def views(self, text: str) -> tuple[View, ...]:
        """The text folded, and a second view if anything in it was hidden."""
        plain = View(text=folded(text), original=text)
        traces = self._guard.Match(plain.data)
        if not traces:
            return (plain,)
        undone = self._undone(plain, traces, depth=0)
        return (plain, _revealed(text, undone)) if undone else (plain,)

    @property
    def words(self) -> frozenset[str]:
        """Known words, gathered when they are first needed."""
        if self._known is None:
            self._known = self._words()
        return self._known

    def _undone(self, view: View, traces: Iterable[int], *, depth: int) -> list[Undone]:
        found: list[Undone] = []
        for trace in {_TRACES[number][0] for number in traces}:
            if trace == "encoded":
                found += encoded(view.original)
            else:
                found += (_placed(one, view) for one in _UNDOING[trace](view.text, self.words))
        return [self._deeper(one, depth) for one in _apart(found)[:MOST_UNDONE]]

    def _deeper(self, undone: Undone, depth: int) -> Undone:
        """What was hidden in it in turn, undone as well."""
        if depth + 1 >= DEEPEST or undone.how not in _NESTING:
            return undone
        view = View(text=folded(undone.text), original=undone.text)
        inner = self._undone(view, self._guard.Match(view.data) or (), depth=depth + 1)
        if not inner:
            return undone
        return Undone(start=undone.start, end=undone.end, text=_spliced(undone.text, inner), how=undone.how)


def _placed(undone: Undone, view: View) -> Undone:
    """With its place in the text before folding."""
    start, end = view.shown_span(undone.start, undone.end)
    return Undone(start=start, end=end, text=undone.text, how=undone.how)


def _apart(found: Sequence[Undone]) -> list[Undone]:
    """Those that do not overlap: of two that do, the longer."""
    kept: list[Undone] = []
    for one in sorted(found, key=lambda item: item.start - item.end):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda item: item.start)


def _spliced(text: str, undone: Sequence[Undone]) -> str:
    return "".join(shown for shown, _ in _stretches(text, undone))


def _revealed(text: str, undone: Sequence[Undone]) -> View:
    pieces: list[Piece] = []
    shown: list[str] = []
    length = 0
    for stretch, piece in _stretches(text, undone):
        pieces.append(Piece(start=length, original=piece[0], end=piece[1], one_for_one=piece[2]))
        shown.append(stretch)
        length += len(stretch)
    spliced = "".join(shown)
    return View(
        text=folded(spliced), original=spliced, pieces=tuple(pieces), undone=frozenset(one.how for one in undone)
    )


def _stretches(text: str, undone: Sequence[Undone]) -> Iterator[tuple[str, tuple[int, int, bool]]]:
    """The text in stretches, as they stand or undone, each with where it came from and whether one for one."""
    place = 0
    for one in undone:
        if one.start > place:
            yield text[place : one.start], (place, one.start, True)
        if one.text:
            yield one.text, (one.start, one.end, one.how in _LETTER_BY_LETTER and len(one.text) == one.end - one.start)
        place = one.end
    if place < len(text):
        yield text[place:], (place, len(text), True)
