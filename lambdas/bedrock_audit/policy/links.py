"""Says in which order and how near the words of a phrase must stand, so that most stretches can be told not to hold it.

Counted in chunks: what white space divides. A chain of links holds where each link's words stand at or behind those of
the link before, no further than its reach. Wherever the phrase matches, its chain holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from bedrock_audit.policy.needs import needed
from bedrock_audit.policy.phrase import Choice, Gap, Item, Phrase, Word
from bedrock_audit.record import Value

BETWEEN = 4
"""Chunks from a word to its neighbour at most: six signs may stand between them, some of them blanks."""


class Link(Value, frozen=True):
    """Words of which one must stand there, at most `reach` chunks behind a word of the link before."""

    words: frozenset[bytes]
    reach: int


def links(phrase: Phrase) -> tuple[Link, ...]:
    """The chain of the phrase; items whose words cannot be counted on are stepped over."""
    found: list[Link] = []
    reach = 0
    for item in phrase.items:
        if isinstance(item, Gap):
            reach += item.words
            continue
        reach += BETWEEN
        words = _words(item)
        if words:
            found.append(Link(words=words, reach=reach + _chunks(item)))
            reach = _chunks(item)
        else:
            reach += _chunks(item)
    return tuple(found)


def _words(item: Word | Choice) -> frozenset[bytes]:
    """The single words the item needs; empty if it needs parts of words, or nothing."""
    need = needed(item)
    needles = need.needles if need else ()
    if not all(needle.startswith(" ") and needle.endswith(" ") and " " not in needle.strip() for needle in needles):
        return frozenset()
    return frozenset(needle.strip().encode() for needle in needles)


def _chunks(item: Item) -> int:
    """How many chunks the item can be long."""
    if isinstance(item, Gap):
        return item.words
    if isinstance(item, Word):
        return 1 + max(form.count("-") for form in item.forms)
    if "chunks" not in item.kept:
        item.kept["chunks"] = max(map(_sequence, item.options))
    return int(item.kept["chunks"])


def _sequence(items: Sequence[Item]) -> int:
    return sum(_chunks(item) + BETWEEN for item in items)
