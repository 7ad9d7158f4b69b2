"""What is known of texts seen before in this process, so that a text sent a thousand times is looked at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Known = TypeVar("Known")
Key = TypeVar("Key")


class Memory(Generic[Key, Known]):
    """A bounded memory in two generations: what was not asked for while the younger filled up is forgotten.

    Keys are compared in full, not by a hash that somebody could find a second text for. `size` says what a key weighs;
    each generation holds half the budget.
    """

    def __init__(self, *, budget: int, size: Callable[[Key], int]) -> None:
        self._half = budget // 2
        self._size = size
        self._weight = self._old_weight = 0
        self._young: dict[Key, Known] = {}
        self._old: dict[Key, Known] = {}

    def get(self, key: Key) -> Known | None:
        """What is known, and it counts as asked for now."""
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.keep(key, found)
        return found

    def keep(self, key: Key, known: Known) -> Known:
        """Remember it; something larger than half the budget is not kept."""
        weight = self._size(key)
        if weight <= self._half and key not in self._young:
            if self._weight + weight > self._half:
                self._old, self._old_weight = self._young, self._weight
                self._young, self._weight = {}, 0
            self._young[key] = known
            self._weight += weight
        return known

    @property
    def weight(self) -> int:
        """What is held now at most, in the unit of `size`: what is in both generations counts twice."""
        return self._weight + self._old_weight
