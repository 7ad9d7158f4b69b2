"""The parts of one exchange as rules see them: each with its places, its views and what is sighted there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bedrock_audit.detect.facts import Facts
from bedrock_audit.detect.sightings import Hit, Sightings
from bedrock_audit.detect.text_reading import TextReading
from bedrock_audit.policy.clause import Language, Place
from bedrock_audit.record import Part, Value


class PartRead(Value, frozen=True, eq=False):
    """One part: where it is, and the views it is looked at in.

    `position` counts the parts of the exchange. A refusal is in no place: its words are not looked at.
    """

    part: Part
    position: int
    places: frozenset[Place]
    text: TextReading
    is_frame: bool = False

    @property
    def views(self) -> tuple[Sightings, ...]:
        """Its views."""
        return self.text.sightings

    @property
    def language(self) -> Language:
        """Its language."""
        return self.text.language

    def is_in(self, wanted: frozenset[Place]) -> bool:
        """Whether the part is in one of the places."""
        return not wanted.isdisjoint(self.places)


class Used(Value, frozen=True, eq=False):
    """A hit that a rule rests on."""

    read: PartRead
    view: Sightings
    hit: Hit
    key: str


class Reading(Value, frozen=True, eq=False):
    """Everything a rule may look at."""

    parts: Sequence[PartRead]
    facts: Facts

    def turn(self) -> Iterator[PartRead]:
        """The parts of the exchange itself, its frame left out."""
        return (read for read in self.parts if not read.is_frame)
