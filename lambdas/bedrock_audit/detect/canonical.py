"""Turns a text into the views it is compared in: as folded letters, and, where something was hidden, with that undone.

A guard looks for traces of hiding first, so that plain text costs one pass.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

import re2

from bedrock_audit.detect.disguises import Undone, controls, leetspeak, rot13, spaced_out
from bedrock_audit.detect.encodings import encoded
from bedrock_audit.detect.escapes import escaped
from bedrock_audit.detect.view import Piece, View
from bedrock_audit.policy.folding import folded

DEEPEST = 3
"""How often something hidden within something hidden is undone."""
MOST_UNDONE = 100_000
"""Undone runs per text. Fewer would be a way to hide: write that much harmless leetspeak first."""

Undoing = Callable[[str, frozenset[str]], Iterator[Undone]]

_TRACES: tuple[tuple[str, str], ...] = (
    ("encoded", r"[a-z0-9+/]{20}|(?:[0-9a-f]{2}[\s:,-]{1,2}){8}|(?:\\x[0-9a-f]{2}){4}|0x[0-9a-f]{2}[\s,]+0x"),
    ("escaped", r"%[2-7][0-9a-f]|\\u(?:00|\{)[2-7]|\\[nrt][a-z]|&#x?[0-9a-f]{2}|&[a-z]{2,8};|u\+00[2-7]"),
    ("leetspeak", r"[a-z][013457@$]+[a-z]|\b[0134@$][a-z]{3}|[a-z]{2}[01345$]\b"),
    ("spaced", r"\b[a-z013457](?:[^a-z0-9\x{80}-\x{10ffff}]{1,3}[a-z013457]){3}(?:\b|_)"),
    ("controls", r"[\x00-\x08\x0e-\x1f\x7f]"),
    ("rot13", r"\b(?:gur|naq|jvgu|lbhe?|ubj|gung|guvf|znxr|jevgr|vtaber|cebzcg|nyy|nobhg|sebz|zr|sbe)\b"),
)
_NOTHING = ""
_LETTER_BY_LETTER = frozenset({_NOTHING, "rot13", "leetspeak"})
_NESTING = frozenset({"base64", "hex", "percent", "rot13"})
_OF_WHOLE_TEXT: dict[str, Callable[[str], Iterator[Undone]]] = {"encoded": encoded, "escaped": escaped}
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
"""Surrogates by themselves, which JSON may hold and RE2 cannot be shown."""
_UNDOING: dict[str, Undoing] = {"leetspeak": leetspeak, "spaced": spaced_out, "rot13": rot13, "controls": controls}


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
            if trace in _OF_WHOLE_TEXT:
                found += _OF_WHOLE_TEXT[trace](_HALF_A_PAIR.sub("\ufffd", view.original))
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
    letters = undone.letters if view.original.isascii() else array("I", _each_placed(undone.letters, view))
    return Undone(start=start, end=end, text=undone.text, how=undone.how, letters=letters)


def _each_placed(letters: Sequence[int], view: View) -> Iterator[int]:
    for start, end in zip(letters[::2], letters[1::2], strict=True):
        yield from view.shown_span(start, end)


def _apart(found: Sequence[Undone]) -> list[Undone]:
    """Those that do not overlap, in order: of two neighbours that do, the longer."""
    kept: list[Undone] = []
    for one in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept


def _spliced(text: str, undone: Sequence[Undone]) -> str:
    return "".join(one.text for one in _stretches(text, undone))


def _revealed(text: str, undone: Sequence[Undone]) -> View:
    pieces: list[Piece] = []
    length = 0
    stretches = list(_stretches(text, undone))
    for one in stretches:
        is_same = one.how in _LETTER_BY_LETTER and len(one.text) == one.end - one.start
        pieces.append(Piece(start=length, original=one.start, end=one.end, one_for_one=is_same, letters=one.letters))
        length += len(one.text)
    spliced = "".join(one.text for one in stretches)
    return View(
        text=folded(spliced), original=spliced, pieces=tuple(pieces), undone=frozenset(one.how for one in undone)
    )


def _stretches(text: str, undone: Sequence[Undone]) -> Iterator[Undone]:
    """The text in stretches, undone or, between them, as they stand."""
    place = 0
    for one in undone:
        if one.start > place:
            yield _as_it_stands(text, place, one.start)
        if one.text:
            yield one
        place = one.end
    if place < len(text):
        yield _as_it_stands(text, place, len(text))


def _as_it_stands(text: str, start: int, end: int) -> Undone:
    return Undone(start=start, end=end, text=text[start:end], how=_NOTHING)
