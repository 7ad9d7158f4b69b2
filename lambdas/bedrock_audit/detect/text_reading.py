"""One text as the detector knows it: what could be seen in it, its language, whether it refuses; each told once."""

from __future__ import annotations

from functools import cached_property

from bedrock_audit.detect.ahead import Ahead
from bedrock_audit.detect.canonical import Canonical
from bedrock_audit.detect.disposition import is_refusal
from bedrock_audit.detect.language import language_of
from bedrock_audit.detect.memory import Memory
from bedrock_audit.detect.scanning import forget
from bedrock_audit.detect.sightings import Sightings
from bedrock_audit.policy.clause import Language, Place
from bedrock_audit.policy.common_words import common_words
from bedrock_audit.policy.compiled import Policy

REMEMBERED = 4_000_000
"""Characters of texts that are remembered per process; each costs five to twenty bytes, with what is known of it."""
AUTOMATA_LIVE_FOR = 3_000_000
"""Characters of new text that expressions are shown before they are forgotten; what they hold would grow without end.
To compile 2,000 of them again takes 1.3 seconds, so much text fifteen."""


class TextReading:
    """What is known of one text in some places (`places`), whoever said it; `number` tells readings apart.

    `sightings` are its views with what is seen in each; `possible` what may be seen (`Chances.possible`), `over` what
    of it matters to rules that look at a whole exchange; `rules` are those that may hold within it.
    """

    def __init__(self, text: str, where: frozenset[Place], *, number: int, reader: TextReader) -> None:
        self.text = text
        self.places = where
        self.number = number
        self._reader = reader
        views = reader.canonical.views(text)
        self.sightings = tuple(
            Sightings(view, policy=reader.policy, chances=reader.ahead.chances(view.data)) for view in views
        )
        self.possible = 0
        for view in self.sightings:
            self.possible |= view.chances.possible
        rules = reader.ahead.rules_in_a_text(self.possible, where)
        self.over = self.possible & reader.ahead.over_bits
        self.rules = tuple(one for one in rules if one.may_hold(self.sees))

    def sees(self, key: str) -> bool:
        """Whether the signal is seen in any view, excused or not."""
        if not self.possible & self._reader.ahead.needed.bits.get(key, -1):
            return False
        return any(view.sees(key) for view in self.sightings)

    @cached_property
    def language(self) -> Language:
        """The language it is written in."""
        return self._reader.language(self.text)

    @cached_property
    def is_refusal(self) -> bool:
        """Whether, as an answer, it refuses."""
        return is_refusal(self.text)


class TextReader:
    """Reads texts, each once as long as it is remembered."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.ahead = Ahead(policy)
        self.canonical = Canonical(lambda: policy.words() | common_words())
        self.looked_at = 0
        self._shown = 0
        self._memory: Memory[tuple[str, frozenset[Place]], TextReading] = Memory(budget=REMEMBERED, size=_length)
        self._languages: Memory[str, Language] = Memory(budget=REMEMBERED, size=len)

    def read(self, text: str, where: frozenset[Place]) -> TextReading:
        """What is known of the text, standing in these places."""
        known = self._memory.get((text, where))
        if known is None:
            self.looked_at += 1
            self._count(text)
            reading = TextReading(text, where, number=self.looked_at, reader=self)
            known = self._memory.keep((text, where), reading)
        return known

    def _count(self, text: str) -> None:
        self._shown += len(text)
        if self._shown > AUTOMATA_LIVE_FOR:
            self._shown = 0
            forget()

    def language(self, text: str) -> Language:
        """The language of the text."""
        known = self._languages.get(text)
        return self._languages.keep(text, language_of(text)) if known is None else known


def _length(key: tuple[str, frozenset[Place]]) -> int:
    return len(key[0])
