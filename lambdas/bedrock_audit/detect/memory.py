"""What is known of texts seen before in this process, so that a text sent a thousand times is looked at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Known = TypeVar("Known")
Key = TypeVar("Key")


class Memory(Generic[Key, Known]):
    """A bounded memory; what was not asked for longest is forgotten first.

    Keys are compared in full, not by a hash that somebody could find a second text for. `size` says what a key weighs.
    """

    def __init__(self, *, budget: int, size: Callable[[Key], int]) -> None:
        self._budget = budget
        self._size = size
        self._weight = 0
        self._entries: OrderedDict[Key, Known] = OrderedDict()

    def get(self, key: Key) -> Known | None:
        """What is known, and it counts as asked for now."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def keep(self, key: Key, known: Known) -> Known:
        """Remember it; something larger than the whole budget is not kept."""
        weight = self._size(key)
        if weight <= self._budget and key not in self._entries:
            self._entries[key] = known
            self._weight += weight
            while self._weight > self._budget:
                forgotten, _ = self._entries.popitem(last=False)
                self._weight -= self._size(forgotten)
        return known

    @property
    def weight(self) -> int:
        """What is held now, in the unit of `size`."""
        return self._weight
