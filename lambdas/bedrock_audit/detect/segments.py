"""Cuts folded text into stretches that phrases do not cross (sentences, paragraphs, items of lists), and into blocks.

A block is whole stretches of about BLOCK bytes together: what words are there is told of a block at a time.
"""

from __future__ import annotations

from collections.abc import Iterator

Range = tuple[int, int]

BLOCK = 2_000
"""Bytes; a text of fewer is one block. Shorter ones would tell more, and cost more than they tell."""

_BREAK = b"\x00\x00"
_BREAKS = (b". ", b".\n", b"\n\n", b"\n ")
"""The end of a sentence, of a paragraph, and the beginning of an item (whose bullet is a blank by then)."""
_TITLES = (b" mr. ", b" mrs. ", b" ms. ", b" dr. ", b" prof. ", b" st. ")
"""Full stops that end no sentence."""
_ENDS = bytes(
    0x2E if chr(code) in ".!?" else code if code >= 0x80 or chr(code) == "\n" or chr(code).isalnum() else 0x20
    for code in range(256)
)
_SPREAD = bytes(code if code >= 0x80 or code == 0 or chr(code).isalnum() else 0x20 for code in range(256))
_WORDS = _SPREAD.replace(b"\x00", b" ")


def segments(data: bytes) -> list[bytes]:
    """The stretches, in order, *spread*: everything but letters, digits and foreign script made blank.

    They have the length they have in `data`, and two bytes lie between each two of them (see `places`).
    """
    data = data.translate(_ENDS)
    for title in _TITLES:
        if title in data:
            data = data.replace(title, title[:-2] + b"  ")
    for end in _BREAKS:
        data = data.replace(end, _BREAK)
    return data.translate(_SPREAD).split(_BREAK)


def blocks(data: bytes) -> list[tuple[Range, bytes]]:
    """The blocks, in order: where each begins and ends in `data`, and what stands there, spread."""
    if len(data) <= BLOCK:
        return [((0, len(data)), data.translate(_WORDS))]
    found: list[tuple[Range, bytes]] = []
    begin = 0
    for _, end in places(segments(data)):
        if end - begin >= BLOCK or end == len(data):
            found.append(((begin, end), data[begin:end].translate(_WORDS)))
            begin = end
    return found


def places(found: list[bytes]) -> Iterator[Range]:
    """Where each stretch begins and ends in the data it was cut from, the break before it included."""
    start = before = 0
    for segment in found:
        end = start + len(segment)
        yield before, end
        before, start = end, end + len(_BREAK)
