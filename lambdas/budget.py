"""How much of a function's run one log object may take, entry by entry."""

from __future__ import annotations

import time
from collections.abc import Callable

CAREFUL_SECONDS = 5.0
"""An attempt that crashed lost what it had found, so the next ones stop soon and keep it, up to the culprit."""


class Budget:
    """Called before each entry of an object, says whether to stop; counts the entries it let pass.

    `enough_left` says whether the run has time. A careful budget runs out soon after the first entry, however long it
    took to get there: an object that is being continued is read over from its beginning.
    """

    def __init__(
        self, enough_left: Callable[[], bool], *, is_careful: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._enough_left = enough_left
        self._is_careful = is_careful
        self._clock = clock
        self._first = 0.0
        self.entries = 0

    def is_spent(self) -> bool:
        """Whether the entry at hand is to be left for another run."""
        if not self._enough_left():
            return True
        if not self.entries:
            self._first = self._clock()
        elif self._is_careful and self._clock() - self._first > CAREFUL_SECONDS:
            return True
        self.entries += 1
        return False
