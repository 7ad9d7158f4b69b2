"""Cuts values to a bounded size before they are kept: logs are hostile, and an item of a table holds 400 KB.

Lengths are bytes of the text as JSON, so that control characters, which take six, cannot swell past the bound. With
these limits a finding stays below 250 KB, a ledger row below 150 KB, an occurrence or a usage below 20 KB.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec

from bedrock_audit.finding import Change, Finding

LONGEST_TEXT = 1024
LONGER = {"excerpt": 4096, "object": 4096, "key": 4096}
"""An S3 URI may take 1,093 bytes and a path 4,096; a place must not be cut, it is how the evidence is found again."""
LONGEST_ACTOR = 256
MOST_ITEMS = 40
MOST_CHANGES = 100
CUT = "…"

_ALWAYS_SHORT = frozenset({int, float, bool, type(None), datetime})

T = TypeVar("T", bound=msgspec.Struct)


def bounded(value: T) -> T:
    """The value with every text, list and table in it cut; the same value if nothing was too long."""
    changes: dict[str, object] = {}
    for name in value.__struct_fields__:
        one = getattr(value, name)
        longest = LONGER.get(name, LONGEST_TEXT)
        if type(one) in _ALWAYS_SHORT or _is_short(one, longest):
            continue
        kept = _bounded(one, longest)
        if kept is not one:
            changes[name] = kept
    return msgspec.structs.replace(value, **changes) if changes else value


def bounded_history(finding: Finding) -> Finding:
    """The finding with the first step of its life and the latest ones; `version` still counts them all."""
    history = finding.history
    if len(history) > MOST_CHANGES:
        history = (history[0], *history[1 - MOST_CHANGES :])
    return msgspec.structs.replace(finding, history=tuple(_bounded_change(change) for change in history))


def cut(text: str, longest: int) -> str:
    """The text, or as much of its beginning as takes `longest` bytes in JSON with a mark that something is missing.

    Lone surrogates, which no encoding can hold, become question marks.
    """
    if _is_short(text, longest):
        return text
    sound = text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
    if _length(sound) <= longest:
        return text if sound == text else sound
    low, high = 0, longest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _length(sound[:middle] + CUT) <= longest else (low, middle - 1)
    return sound[:low] + CUT


def _is_short(value: object, longest: int) -> bool:
    """Whether a text needs no closer look: most do not, and this is asked for every field of everything stored."""
    return type(value) is str and len(value) * 6 <= longest and value.isascii()


def _bounded(value: object, longest: int) -> object:
    if type(value) is str:
        return cut(value, longest)
    if isinstance(value, tuple) and value:
        kept = tuple(_bounded(item, longest) for item in value[:MOST_ITEMS])
        return value if len(kept) == len(value) and all(map(_is, kept, value)) else kept
    if isinstance(value, dict) and value:
        return _bounded_counts(value)
    return bounded(value) if isinstance(value, msgspec.Struct) else value


def _bounded_counts(counts: dict[str, int]) -> dict[str, int]:
    """The largest counts by name; what the rest adds up to is kept under the mark."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kept = {cut(name, LONGEST_TEXT): count for name, count in ranked[:MOST_ITEMS]}
    rest = sum(count for _, count in ranked[MOST_ITEMS:])
    return {**kept, CUT: rest} if rest else counts if kept == counts else kept


def _bounded_change(change: Change) -> Change:
    actor, reason = cut(change.actor, LONGEST_ACTOR), cut(change.reason, LONGEST_TEXT)
    return msgspec.structs.replace(change, actor=actor, reason=reason)


def _length(text: str) -> int:
    return len(msgspec.json.encode(text)) - 2


def _is(one: object, other: object) -> bool:
    return one is other
