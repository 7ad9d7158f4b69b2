"""Says which words must be in a text for a phrase to match there at all, so that most texts need no closer look.

A need is met by any one of its needles. Needles are looked for in *spread* text: folded, with everything but letters
and digits made a blank, so that ` fake ` is the word fake wherever it stands, and `fake` any letters of a longer word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from bedrock_audit.policy.common_words import ALWAYS, commonness
from bedrock_audit.policy.phrase import Choice, Gap, Item, Phrase, Word
from bedrock_audit.record import Value

MOST_NEEDS = 3
"""Needs kept per pattern, the rarest; more of them tell little more."""
MOST_PAIRS = 40
"""Ways to write two words side by side that are looked for as one need."""
_PAIRS_ARE_RARER = 10
"""So many times rarer than its rarer word two words side by side are taken to be."""
POSSESSIVE = "s"
"""What `'s` leaves in spread text; it may stand between two words of a phrase."""

_NO_LETTER = re.compile(r"[^a-z0-9\x80-\U0010ffff]+")


class Need(Value, frozen=True):
    """Needles of which at least one must be there, and in about how many texts of a hundred one is."""

    needles: tuple[str, ...]
    commonness: float


def needs(phrase: Phrase) -> tuple[Need, ...]:
    """What the phrase needs, the rarest first; at least one need unless nothing in it can be looked for."""
    return rarest(_needs(phrase.items))


def rarest(found: Iterable[Need]) -> tuple[Need, ...]:
    """The few needs worth looking for."""
    return tuple(sorted(found, key=lambda need: need.commonness)[:MOST_NEEDS])


def united(options: Sequence[Need | None]) -> Need | None:
    """What a choice needs: whatever one of its options needs; None if an option needs nothing."""
    known = [option for option in options if option is not None]
    if not known or len(known) < len(options):
        return None
    needles = dict.fromkeys(needle for option in known for needle in option.needles)
    return Need(needles=tuple(needles), commonness=min(ALWAYS, sum(option.commonness for option in known)))


def parted(need: Need) -> Need:
    """The same for a match that may cross sentences: of words side by side the longest, as a block may end between."""
    needles = (f" {max(needle.split(), key=len)} " if " " in needle.strip() else needle for needle in need.needles)
    return Need(needles=tuple(dict.fromkeys(needles)), commonness=min(ALWAYS, need.commonness * _PAIRS_ARE_RARER))


def _needs(items: Sequence[Item]) -> list[Need]:
    pairs = [_side_by_side(first, second) for first, second in pairwise(items)]
    in_pair = [one or other for one, other in pairwise([None, *pairs, None])]
    alone = [needed(item) for item, pair in zip(items, in_pair, strict=True) if not pair and not isinstance(item, Gap)]
    return [need for need in (*pairs, *alone) if need is not None]


def _side_by_side(first: Item, second: Item) -> Need | None:
    """What two whole words need that follow each other: to do so; many phrases are common words that rarely do."""
    ones, others = _whole_words(first), _whole_words(second)
    if not 0 < len(ones) * len(others) <= MOST_PAIRS:
        return None
    rarer = min(sum(map(commonness, words)) for words in (ones, others))
    needles = tuple(f" {one} {other} " for one in ones for other in others)
    return Need(needles=needles, commonness=min(ALWAYS, rarer) / _PAIRS_ARE_RARER)


def _whole_words(item: Item) -> tuple[str, ...]:
    """The words of spread text of which the item is one; none if it may be anything else."""
    if isinstance(item, Word):
        is_whole = not item.open_start and not item.open_end and all(map(_is_plain, item.forms))
        return item.forms if is_whole else ()
    if isinstance(item, Gap) or item.optional or any(len(option) != 1 for option in item.options):
        return ()
    found = [_whole_words(option[0]) for option in item.options]
    return tuple(dict.fromkeys(word for words in found for word in words)) if all(found) else ()


def _is_plain(form: str) -> bool:
    return form.isascii() and form.isalnum() and form != POSSESSIVE


def needed(item: Word | Choice) -> Need | None:
    """What one item needs; None if it may be absent or cannot be looked for."""
    if isinstance(item, Word):
        return _of_word(item)
    if item.optional:
        return None
    if "need" not in item.kept:
        options = [min(_needs(option), key=lambda need: need.commonness, default=None) for option in item.options]
        item.kept["need"] = united(options)
    found: Need | None = item.kept["need"]
    return found


@lru_cache(maxsize=50_000)
def _of_word(word: Word) -> Need | None:
    needles = dict.fromkeys(needle for form in word.forms for needle in _needles(form, word))
    if not needles:
        return None
    return Need(needles=tuple(needles), commonness=min(ALWAYS, sum(map(commonness, word.forms))))


def _needles(form: str, word: Word) -> list[str]:
    """The form as it stands in spread text: a hyphen or an apostrophe in it may be a blank there, or nothing."""
    if not form.isascii():
        return [form.strip()]
    before, after = "" if word.open_start else " ", "" if word.open_end else " "
    spellings = {_spread(form), _spread(form.replace("-", "").replace("'", ""))}
    return [f"{before}{spelling}{after}" for spelling in sorted(spellings) if spelling]


def _spread(form: str) -> str:
    return _NO_LETTER.sub(" ", form).strip()
