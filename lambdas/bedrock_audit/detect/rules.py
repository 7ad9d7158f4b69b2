"""Judges whether a rule holds for an exchange, and on which hits it rests."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import attrgetter

from bedrock_audit.detect.facts import guardrail_matches
from bedrock_audit.detect.gates import Asked
from bedrock_audit.detect.reading import PartRead, Reading, Used
from bedrock_audit.detect.sightings import Hit, Sightings
from bedrock_audit.policy.clause import When
from bedrock_audit.policy.compiled import (
    Absent,
    Combined,
    Excusing,
    Extent,
    Holds,
    Leaf,
    Near,
    Policy,
    Term,
)
from bedrock_audit.record import Value

EVERYWHERE = 1 << 40


class Stretch(Value, frozen=True, eq=False):
    """Where a term is looked for: characters `start` to `end` of one view of one part."""

    read: PartRead
    view: Sightings
    start: int = 0
    end: int = EVERYWHERE


class Judge:
    """Judges one rule over one exchange."""

    def __init__(self, asked: Asked, reading: Reading, policy: Policy) -> None:
        self.rule = asked.rule
        self.where = asked.where
        self.reading = reading
        self.policy = policy

    def held(self) -> tuple[Used, ...] | None:
        """The hits the rule rests on, the main one first; none at all for a rule of facts; None if it does not hold."""
        if self.rule.when is not None and not self.is_fact(self.rule.when, ()):
            return None
        for stretches in self.attempts():
            used = self.used(self.rule.term, stretches)
            if used is not None and not self.is_excused(used):
                return used
        return None

    def attempts(self) -> Iterator[tuple[Stretch, ...]]:
        """Each set of stretches in which the whole rule may hold."""
        if self.rule.window == "exchange":
            yield from self.whole_exchange()
        elif not self.rule.signals:
            yield tuple(Stretch(read=read, view=read.views[0]) for read in self.reading.turn())
        else:
            yield from ((stretch,) for stretch in self.windows())

    def whole_exchange(self) -> Iterator[tuple[Stretch, ...]]:
        stretches = tuple(Stretch(read=read, view=view) for read in self.reading.parts for view in read.views)
        frame = tuple(stretch for stretch in stretches if stretch.read.is_frame)
        if frame and self.used(self.rule.term, frame) is not None:
            return  # the frame's own match, reported once for the frame
        yield stretches

    def windows(self) -> Iterator[Stretch]:
        for read in self.reading.turn():
            for view in read.views if read.is_in(self.where) else ():
                whole = Stretch(read=read, view=view)
                if self.used(self.rule.term, (whole,)) is None:
                    continue
                anchors = sorted({hit.start for key in self.rule.signals for hit in self.hits(key, read, view)})
                yield from (whole,) if self.rule.window == "part" else self.around(anchors, read, view)

    def around(self, anchors: Sequence[int], read: PartRead, view: Sightings) -> Iterator[Stretch]:
        """The windows that begin at an anchor; whatever holds near together begins at one."""
        seen: set[int] = set()
        for anchor in anchors:
            start, end = self.window(anchor, view)
            if self.rule.window != "sentence" or start not in seen:
                seen.add(start)
                yield Stretch(read=read, view=view, start=start, end=end)

    def window(self, anchor: int, view: Sightings) -> tuple[int, int]:
        shown = view.view
        if self.rule.window == "sentence":
            number = shown.sentence_of(anchor)
            ends = shown.sentence_ends
            return shown.sentence_start(anchor), ends[number] if number < len(ends) else EVERYWHERE
        last = shown.word_at(anchor) + self.rule.words + 1
        return anchor, shown.word_starts[last] if last < len(shown.word_starts) else EVERYWHERE

    def used(self, term: Term, stretches: Sequence[Stretch]) -> tuple[Used, ...] | None:
        """The hits a term rests on within the stretches; None if it does not hold."""
        if isinstance(term, Leaf):
            return self.used_leaf(term, stretches)
        if isinstance(term, Near):
            return self.used_near(term, stretches)
        if isinstance(term, Holds):
            return () if self.is_fact(term.when, stretches) else None
        if isinstance(term, Absent):
            return None if any(self.used(inner, stretches) is not None for inner in term.terms) else ()
        return self.used_combined(term, stretches)

    def used_combined(self, term: Combined, stretches: Sequence[Stretch]) -> tuple[Used, ...] | None:
        used: list[Used] = []
        held = 0
        for position, inner in enumerate(term.terms):
            if held + len(term.terms) - position < term.at_least:
                return None
            found = self.used(inner, stretches)
            if found is not None:
                used += found
                held += 1
                if held == term.at_least and term.at_least < len(term.terms):
                    break
        return tuple(used) if held >= term.at_least else None

    def used_leaf(self, leaf: Leaf, stretches: Sequence[Stretch]) -> tuple[Used, ...] | None:
        found: list[Used] = []
        for stretch in stretches:
            for hit in self.within(leaf.key, stretch):
                found.append(Used(read=stretch.read, view=stretch.view, hit=hit, key=leaf.key))
                if self.is_enough(leaf, found):
                    return tuple(found)
        return None

    @staticmethod
    def is_enough(leaf: Leaf, found: Sequence[Used]) -> bool:
        if leaf.times == 1:
            return True
        if not leaf.distinct:
            return len(found) >= leaf.times
        return len({used.view.view.text[used.hit.start : used.hit.end] for used in found}) >= leaf.times

    def used_near(self, near: Near, stretches: Sequence[Stretch]) -> tuple[Used, ...] | None:
        for stretch in stretches:
            chain = _nearest([list(self.within(key, stretch)) for key in near.keys], near, stretch.view)
            if chain:
                pairs = zip(chain, near.keys, strict=True)
                return tuple(Used(read=stretch.read, view=stretch.view, hit=hit, key=key) for hit, key in pairs)
        return None

    def within(self, key: str, stretch: Stretch) -> Iterator[Hit]:
        places = self.policy.signals[key].places or self.rule.places
        return stretch.view.within(key, stretch.start, stretch.end) if stretch.read.is_in(places) else iter(())

    def hits(self, key: str, read: PartRead, view: Sightings) -> Sequence[Hit]:
        places = self.policy.signals[key].places or self.rule.places
        return view.hits(key) if read.is_in(places) else ()

    def is_excused(self, used: Sequence[Used]) -> bool:
        return any(self.excuses(excuse, used) for excuse in self.rule.excuses)

    def excuses(self, excuse: Excusing, used: Sequence[Used]) -> bool:
        if excuse.reach.extent is Extent.EXCHANGE:
            return self.stands_anywhere(excuse.context)
        if (
            self.rule.window == "exchange"
            and excuse.reach.extent is Extent.PART
            and self.stands_anywhere(excuse.context)
        ):
            return True
        return any(one.view.excuses(excuse, one.hit) for one in used)

    def stands_anywhere(self, context: str) -> bool:
        if context not in self.policy.signals:
            return False
        places = self.policy.signals[context].places
        return any(
            view.hits(context)
            for read in self.reading.parts
            if places is None or read.is_in(places)
            for view in read.views
        )

    def is_fact(self, when: When, stretches: Sequence[Stretch]) -> bool:
        facts = self.reading.facts
        return (
            (when.answer is None or facts.disposition in when.answer)
            and (when.media is None or not facts.media.isdisjoint(when.media))
            and (when.model is None or facts.model in when.model)
            and (when.guardrail is None or guardrail_matches(when.guardrail, facts.guardrail))
            and self.is_text_fact(when, stretches)
        )

    def is_text_fact(self, when: When, stretches: Sequence[Stretch]) -> bool:
        """Facts of the text: of any stretch or, asked of the whole rule, of any part of the turn in its place."""
        if when.hidden is None and when.language is None and when.min_chars is None and when.max_chars is None:
            return True
        asked = stretches or tuple(
            Stretch(read=read, view=view)
            for read in self.reading.turn()
            if read.is_in(self.rule.places)
            for view in read.views
        )
        return any(_fits(when, stretch) for stretch in asked)


def _fits(when: When, stretch: Stretch) -> bool:
    length = len(stretch.read.part.text)
    return (
        (when.hidden is None or not stretch.view.view.hidden.isdisjoint(when.hidden))
        and (when.language is None or stretch.read.language in when.language)
        and (when.min_chars is None or length >= when.min_chars)
        and (when.max_chars is None or length <= when.max_chars)
    )


def _nearest(hits: Sequence[Sequence[Hit]], near: Near, view: Sightings) -> list[Hit] | None:
    """One hit of each, within the words of a first one; None if there is no such first one."""
    if not all(hits):
        return None
    firsts = hits[0] if near.ordered else sorted((hit for some in hits for hit in some), key=_start)
    for first in firsts:
        chain = _chain(first, hits, near, view=view)
        if chain:
            return chain
    return None


def _chain(first: Hit, hits: Sequence[Sequence[Hit]], near: Near, *, view: Sightings) -> list[Hit] | None:
    last_word = view.view.word_at(first.start) + near.words
    chain: list[Hit] = []
    place = first.start
    for some in hits:
        at = bisect_left(some, place, key=_start)
        if at == len(some) or view.view.word_at(some[at].start) > last_word:
            return None
        chain.append(some[at])
        place = some[at].end if near.ordered else place
    return chain


_start = attrgetter("start")
