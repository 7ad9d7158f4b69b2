"""Finds signals in one view of a text: every hit that its contexts do not excuse."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, islice
from operator import attrgetter

from bedrock_audit.detect.ahead import Chances
from bedrock_audit.detect.scanning import finder
from bedrock_audit.detect.segments import Range
from bedrock_audit.detect.view import View
from bedrock_audit.policy.compiled import BuiltIn, Excusing, Extent, Policy, Reach, Seeing
from bedrock_audit.policy.pattern import Pattern
from bedrock_audit.record import Value

MOST_HITS = 20_000
"""Hits of one signal in one text that are looked at; a text with more of them repeats itself."""

_NEGATION = re.compile(
    r"\b(?:not|never|no|without|cannot|nor|neither|avoid(?:s|ed|ing)?|refus(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|forbidden|prohibited"
    r"|(?:do|does|did|is|are|was|were|wo|would|ca|could|should|must|ai|have|has)n'?t|stop(?:s|ped|ping)?|don't|dont)\b"
)
_NEGATION_WORDS = 5
_QUOTED = re.compile(r'"[^"\n]*"|(?<!\w)\'[^\'\n]*\'(?!\w)')
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


_start = attrgetter("start")
_end = attrgetter("end")


class Hit(Value, frozen=True):
    """Where a signal was seen: characters of the view."""

    start: int
    end: int


class Sightings:
    """What is seen in one view; looks only for what is asked for, and once."""

    def __init__(self, view: View, *, policy: Policy, chances: Chances) -> None:
        self.view = view
        self._policy = policy
        self.chances = chances
        self._seen: dict[str, Sequence[Hit]] = {}
        self._is_seen: dict[str, bool] = {}
        self._reaching: dict[str, Sequence[Hit]] = {}

    def might_see(self, key: str) -> bool:
        """Whether any pattern of the signal is worth trying."""
        return any(True for _ in self.chances.of(self._policy.signals[key]))

    def sees(self, key: str) -> bool:
        """Whether the signal is seen at all, excused or not."""
        known = self._is_seen.get(key)
        if known is None:
            known = self._is_seen[key] = self._look_for(self._policy.signals[key])
        return known

    def _look_for(self, signal: Seeing) -> bool:
        data = self.view.data
        for pattern, place in self.chances.of(signal):
            if pattern.is_plain or finder(pattern.exact).search(data, *place):
                return True
        return False

    def within(self, key: str, start: int, end: int) -> Iterator[Hit]:
        """The hits that lie between two places, in order."""
        hits = self.hits(key)
        for at in range(bisect_left(hits, start, key=_start), len(hits)):
            hit = hits[at]
            if hit.start >= end:
                return
            if hit.end <= end:
                yield hit

    def hits(self, key: str) -> Sequence[Hit]:
        """Every hit of the signal that nothing excuses, in order."""
        if key not in self._seen:
            self._seen[key] = ()  # a signal that excuses itself sees nothing there
            self._seen[key] = self._kept(self._policy.signals[key])
        return self._seen[key]

    def _kept(self, signal: Seeing) -> Sequence[Hit]:
        found = sorted(set(self._found(signal)), key=lambda hit: (hit.start, hit.end))
        return [hit for hit in found if not any(self.excuses(excuse, hit) for excuse in signal.excuses)]

    def _found(self, signal: Seeing) -> Iterator[Hit]:
        text = self.view.text
        first = len(text) if signal.first is None else signal.first
        last = 0 if signal.last is None else len(text) - signal.last
        for pattern, place in self.chances.of(signal):
            for hit in self._matched(pattern, place):
                if (hit.start < first and hit.end > last) and self._is_written(signal.written, hit):
                    yield hit

    def _matched(self, pattern: Pattern, place: Range) -> Iterator[Hit]:
        for start, end in islice(self.spans(pattern, place), MOST_HITS):
            yield self._trimmed(self.view.place_of_byte(start), self.view.place_of_byte(end))

    def spans(self, pattern: Pattern, place: Range) -> Iterator[Range]:
        """Where the pattern matches, in bytes: in each stretch for itself, if it may not cross them."""
        search = finder(pattern.exact)
        first = search.search(self.view.data, *place)
        if first is None:
            return
        stretches = (place,) if pattern.crosses else self.chances.stretches(place, first.start())
        for stretch in stretches:
            yield from (found.span() for found in search.finditer(self.view.data, *stretch))

    def _trimmed(self, start: int, end: int) -> Hit:
        """Without the full stop or bracket before a phrase that begins a sentence."""
        while start < end - 1 and not self.view.text[start].isalnum():
            start += 1
        return Hit(start=start, end=end)

    def _is_written(self, how: str | None, hit: Hit) -> bool:
        if how is None:
            return True
        start, end = self.view.shown_span(hit.start, hit.end)
        shown = self.view.original[start:end]
        return shown.isupper() if how == "upper" else shown[:1].isupper()

    def excuses(self, excuse: Excusing, hit: Hit) -> bool:
        """Whether the context stands near enough to the hit."""
        if excuse.context == BuiltIn.NEGATED:
            return self._is_negated(hit)
        if excuse.context == BuiltIn.QUOTED:
            return _covers(self._quoted(), hit)
        if excuse.context == BuiltIn.CODE:
            return _covers(self._code(), hit)
        context = self._last_ending(excuse.context, self._latest_start(excuse.reach, hit))
        return context is not None and self._reaches(excuse, context, hit)

    def _latest_start(self, reach: Reach, hit: Hit) -> int:
        """Where a context may begin at the latest to be within reach."""
        if reach.extent is Extent.BEFORE:
            return hit.start
        if reach.extent is Extent.SENTENCE:
            number, places = self.view.sentence_of(hit.end - 1), self.view.sentence_ends
        else:
            number, places = self.view.word_at(hit.end - 1) + reach.words + 1, self.view.word_starts
        return places[number] - 1 if reach.extent is not Extent.PART and number < len(places) else len(self.view.text)

    def _last_ending(self, key: str, latest: int) -> Hit | None:
        """Of the hits that begin by then, the one that ends last: if that is not within reach, none of them is."""
        hits = self.hits(key)
        if len(self._reaching.get(key, ())) != len(hits):
            self._reaching[key] = list(accumulate(hits, lambda one, other: max(one, other, key=_end)))
        at = bisect_right(hits, latest, key=_start)
        return self._reaching[key][at - 1] if at else None

    def _reaches(self, excuse: Excusing, context: Hit, hit: Hit) -> bool:
        extent, words, view = excuse.reach.extent, excuse.reach.words, self.view
        if extent is Extent.PART:
            return True
        if extent is Extent.SENTENCE:
            return view.sentence_of(context.start) <= view.sentence_of(hit.end - 1) and view.sentence_of(
                context.end - 1
            ) >= view.sentence_of(hit.start)
        if extent is Extent.BEFORE:
            return (
                context.start <= hit.start
                and view.word_at(hit.start) - view.word_at(context.end - 1) <= words
                and context.end > view.sentence_start(hit.start)
            )
        return (
            view.word_at(context.start) - view.word_at(hit.end - 1) <= words
            and view.word_at(hit.start) - view.word_at(context.end - 1) <= words
        )

    def _is_negated(self, hit: Hit) -> bool:
        word = max(self.view.word_at(hit.start) - _NEGATION_WORDS, 0)
        start = max(self.view.word_starts[word] if self.view.word_starts else 0, self.view.sentence_start(hit.start))
        return bool(_NEGATION.search(self.view.text, start, max(start, hit.start)))

    def _quoted(self) -> Sequence[Hit]:
        return self._built_in(BuiltIn.QUOTED, _QUOTED)

    def _code(self) -> Sequence[Hit]:
        return self._built_in(BuiltIn.CODE, _CODE)

    def _built_in(self, context: BuiltIn, pattern: re.Pattern[str]) -> Sequence[Hit]:
        if context not in self._seen:
            self._seen[context] = [Hit(*found.span()) for found in pattern.finditer(self.view.text)]
        return self._seen[context]


def _covers(places: Sequence[Hit], hit: Hit) -> bool:
    """Whether one of the places, which lie apart, holds the hit."""
    at = bisect_right(places, hit.start, key=_start)
    return at > 0 and hit.end <= places[at - 1].end
