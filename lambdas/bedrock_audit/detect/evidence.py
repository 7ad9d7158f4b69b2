"""Turns the hits a rule rests on into what is kept of them: spans, a short redacted excerpt, a hash."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from bedrock_audit.detect.reading import Used
from bedrock_audit.detect.redaction import Redacted, redactions

LONGEST_EXCERPT = 240
_MARGIN = 400
"""Characters around a hit that are redacted before the excerpt is cut, so that no secret is cut in half and missed."""
_MOST_SPANS = 12
_TAGS = {0xE0000 + code: code for code in range(0x20, 0x7F)}
"""Invisible copies of ASCII, which models read."""
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e0fff]"
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def spans(used: Sequence[Used]) -> tuple[tuple[int, int, int], ...]:
    """For each hit: the position of its part in the exchange, and where in the part's text it begins and ends."""
    found = dict.fromkeys((one.read.position, *one.view.view.original_span(one.hit.start, one.hit.end)) for one in used)
    return tuple(found)[:_MOST_SPANS]


def excerpt(used: Sequence[Used]) -> str:
    """What stands around the main hit, without secrets and personal data, on one line; of hidden text, what it says."""
    if not used:
        return ""
    view = used[0].view.view
    start, end = view.shown_span(used[0].hit.start, used[0].hit.end)
    base, over = max(0, start - _MARGIN), end + _MARGIN
    lead, hit = _visible(view.original[base:start]), _visible(view.original[start:end])
    window = lead + hit + _visible(view.original[end:over])
    hidden = redactions(window)
    first, last = _cut(len(lead), len(lead) + min(len(hit), LONGEST_EXCERPT), len(window))
    shown = " ".join(_without(window, hidden, first, last).split())
    before = "… " if base + first > 0 else ""
    after = " …" if last < len(window) or over < len(view.original) else ""
    told = f"{before}{shown[: LONGEST_EXCERPT - 4]}{after}"
    return told.encode("utf-8", "replace").decode("utf-8")


def _visible(text: str) -> str:
    """The text without signs that nobody sees, which hide a card's number from redaction, or that steer screens."""
    return _INVISIBLE.sub("", _CONTROLS.sub(" ", text.translate(_TAGS)))


def text_hash(texts: Sequence[str]) -> str:
    """128 bits over the texts a match rests on; says that two findings rest on the same without saying what."""
    joined = "\x1f".join(dict.fromkeys(texts))
    return blake2b(joined.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _cut(start: int, end: int, length: int) -> tuple[int, int]:
    """As much on either side of the hit as the excerpt has room for."""
    room = LONGEST_EXCERPT - 4 - (end - start)
    first = max(0, start - max(room, 0) // 2)
    return first, min(length, max(end, first + LONGEST_EXCERPT - 4))


def _without(window: str, hidden: Sequence[Redacted], first: int, last: int) -> str:
    pieces: list[str] = []
    place = first
    for one in hidden:
        if one.end <= first or one.start >= last:
            continue
        pieces += [window[place : max(one.start, place)], f"[{one.what}]"]
        place = max(place, one.end)
    return "".join([*pieces, window[place:last]])
