"""Knows the frameworks that clauses are mapped to: which places each has, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bedrock_audit.located import Located, located, nearest
from bedrock_audit.policy.clause import Form, Mappings
from bedrock_audit.record import Value

FILE = Path(__file__).with_name("frameworks.yaml")
_PART = re.compile(r"\([0-9a-z]+\)$")


class Framework(Form, frozen=True):
    """An edition of a framework, the page it can be had from, and its places with their titles."""

    name: str
    edition: str
    url: str
    places: dict[str, str]

    def title(self, place: str) -> str | None:
        """What the place is called, or else the nearest listed one it is a part of; None if there is no such place.

        A listed place with listed parts has no others: "Art. 5(1)(z)" is not one by way of "Art. 5".
        """
        around = place
        while around not in self.places:
            around, cuts = _PART.subn("", around)
            if not cuts or any(one.startswith(f"{around}(") for one in self.places):
                return None
        return self.places[around]


class Mapped(Value, frozen=True):
    """Where one framework speaks of a clause's matter, each place with its title where one is known."""

    framework: str
    places: tuple[str, ...]


@cache
def frameworks() -> dict[str, Framework]:
    """The frameworks by the key they have in a clause's `mappings`."""
    (document,) = located(FILE.read_text("utf-8"), FILE.name)
    return document.converted(dict[str, Framework])


def refuse_unknown_places(mappings: Mappings, document: Located) -> None:
    """Raise ConfigurationError with the line for the first place that its framework does not have."""
    for key, places in _by_key(mappings):
        for position, place in enumerate(places):
            if frameworks()[key].title(place) is None:
                known = nearest(place, list(frameworks()[key].places))
                message = f"{place!r} is no place of {key} known here{known} (`other` takes any framework and place)"
                document.refuse(message, "mappings", key, position)


def mapped(mappings: Mappings) -> Iterator[Mapped]:
    """The frameworks that speak of the clause's matter, as people read them."""
    for key, places in _by_key(mappings):
        framework = frameworks()[key]
        titled = tuple(f"{place} {framework.title(place) or ''}".strip() for place in places)
        yield Mapped(framework=framework.name, places=titled)
    for name, places in mappings.other.items():
        yield Mapped(framework=name, places=places)


def _by_key(mappings: Mappings) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key in frameworks():
        places = getattr(mappings, key.replace("-", "_"))
        if places:
            yield key, places
