"""Where the words of one stretch of text stand, counted in chunks; refutes most phrases without matching them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bedrock_audit.policy.links import Link

_ASCII = bytes(code if code < 0x80 and chr(code).isalnum() else 0x20 for code in range(256))
FEWEST_LINKS = 2
"""A single link says nothing about order."""


class Chunks:
    """The chunks of a stretch; a word within one (`and/or`) stands where it stands."""

    def __init__(self, stretch: bytes) -> None:
        self._places: dict[bytes, list[int]] = defaultdict(list)
        for place, chunk in enumerate(stretch.split()):
            for word in chunk.translate(_ASCII).split() if not chunk.isalnum() or not chunk.isascii() else (chunk,):
                self._places[word].append(place)

    def may_hold(self, links: Sequence[Link]) -> bool:
        """Whether a phrase with these links may stand here."""
        reached = self._all(links[0])
        for link in links[1:]:
            reached = [place for place in self._all(link) if any(0 <= place - one <= link.reach for one in reached)]
            if not reached:
                return False
        return True

    def _all(self, link: Link) -> list[int]:
        return [place for word, places in self._places.items() if word in link.words for place in places]
