"""Turns a record into its exchanges: what was asked, what was answered, and whether this record is the one that asked.

Clients send the whole conversation with every call, so all but the last exchange have been seen before. An exchange's
key is a hash of the asking turn without the answer: clients rewrite and trim the answers they send back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from itertools import groupby, pairwise

from bedrock_audit.record import NO_TURN, Direction, InvocationRecord, Media, Part, Role, Value

SHORT_ASK = 24
"""Asks of fewer canonical characters ("yes", "continue") say nothing alone and take the answer before them along."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]+"
)
_CHANGING = re.compile(
    r"\S*\d\S*|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|tue|wed|thu|fri|sat|sun)\b|\b[ap]m\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)\b"
)


class ExchangeKind(StrEnum):
    """A TURN of the conversation, or the FRAME around it: system prompts, tool definitions, parameters."""

    TURN = "turn"
    FRAME = "frame"


class Exchange(Value, frozen=True, dict=True):
    """A turn that asks with the answer to it.

    `frame` is what surrounds every turn of the record (the same tuple for all of them). `is_new` is true for the
    record's own ask and its frame, false for the history sent along. `before` is the answer before it. Keys are made
    when somebody asks for them: of most exchanges nobody does.
    """

    kind: ExchangeKind
    asked: tuple[Part, ...]
    answered: tuple[Part, ...]
    frame: tuple[Part, ...]
    is_new: bool
    record: InvocationRecord
    before: tuple[Part, ...] = ()

    @cached_property
    def key(self) -> str:
        """The hash of what is asked; of the whole frame, where that is what it is."""
        if self.kind is ExchangeKind.FRAME:
            return _hash([_canonical(self.frame)])
        key = _key(self.asked, before=_canonical(self.before), media=self.record.media)
        return key or _hash(["no ask", self.record.identity])

    @cached_property
    def turn_keys(self) -> dict[int, str]:
        """A key for each of several turns that ask together; a single one has that of its exchange."""
        turns = [tuple(parts) for _, parts in groupby(self.asked, key=lambda part: part.turn)]
        before = _canonical(self.before)
        keys: dict[int, str] = {}
        for parts in turns if len(turns) > 1 else ():
            keys[parts[0].turn] = _key(parts, before=before, media=self.record.media)
            before = _canonical(parts)
        return keys

    def key_at(self, location: str, position: int) -> str:
        """The key of what is seen at a character of the string at `location`.

        A turn of its own among neighbouring asks has its own key: some clients send no answers back, and then every
        earlier ask would become a new matter with every call. What frames a conversation is told by the line it stands
        in, without numbers and dates: a prompt that tells the time of day is still the same prompt.
        """
        part = next((part for part in self.asked if _holds(part, location, position)), None)
        if part is None:
            return self.key
        if self.kind is ExchangeKind.FRAME:
            return _hash([part.role, _without_numbers(_line(part.text, position - part.offset))])
        return self.turn_keys.get(part.turn, self.key)


def exchanges(record: InvocationRecord) -> tuple[Exchange, ...]:
    """Every exchange of the record, oldest first, its frame (if it has one) before them."""
    spoken = [part for part in record.parts if not part.is_echo]
    frame = tuple(part for part in spoken if part.turn == NO_TURN)
    turns = sorted((part for part in spoken if part.turn != NO_TURN), key=lambda part: part.turn)
    return (*_framing(frame, record), *_conversation(turns, frame=frame, record=record))


def _framing(frame: tuple[Part, ...], record: InvocationRecord) -> Iterator[Exchange]:
    if frame:
        yield Exchange(kind=ExchangeKind.FRAME, asked=frame, answered=(), frame=frame, is_new=True, record=record)


def _conversation(turns: Sequence[Part], *, frame: tuple[Part, ...], record: InvocationRecord) -> Iterator[Exchange]:
    pairs = _pairs(turns)
    before: tuple[Part, ...] = ()
    for position, (asked, answered) in enumerate(pairs):
        yield Exchange(
            kind=ExchangeKind.TURN,
            asked=asked,
            answered=answered,
            frame=frame,
            is_new=position == len(pairs) - 1,
            record=record,
            before=before,
        )
        before = answered


def _pairs(turns: Sequence[Part]) -> list[tuple[tuple[Part, ...], tuple[Part, ...]]]:
    """Asking and answering parts by turns; neighbouring asks are one ask, an answer without an ask has an empty one."""
    pairs: list[tuple[tuple[Part, ...], tuple[Part, ...]]] = []
    for answers, run in groupby(turns, key=_is_answer):
        parts = tuple(run)
        if not answers:
            pairs += [(ask, ()) for ask in _neighbours(parts)]
        elif pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], parts)
        else:
            pairs.append(((), parts))
    return pairs


def _neighbours(asks: tuple[Part, ...]) -> list[tuple[Part, ...]]:
    """Asks that follow each other directly belong together; a turn missing between them is an answer left empty."""
    cuts = [at for at in range(1, len(asks)) if asks[at].turn > asks[at - 1].turn + 1]
    return [asks[start:end] for start, end in pairwise((0, *cuts, len(asks)))]


def _is_answer(part: Part) -> bool:
    return part.direction is Direction.OUTPUT or part.role is Role.ASSISTANT


def _holds(part: Part, location: str, position: int) -> bool:
    """Several parts may be cut from one string, one after the other."""
    return part.location == location and part.offset <= position < part.offset + len(part.text)


def _line(text: str, position: int) -> str:
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return text[start : end if end >= 0 else len(text)]


def _without_numbers(text: str) -> str:
    return _CHANGING.sub("#", _canonical_text(text))


def _key(asked: Sequence[Part], *, before: str, media: Sequence[Media]) -> str:
    """Empty when there is nothing to tell one ask from another by."""
    ask = _canonical(asked)
    turns = {part.turn for part in asked}
    shown = [f"{item.kind}/{item.media_type}/{item.size}" for item in media if item.turn in turns]
    if len(ask) >= SHORT_ASK:
        return _hash([ask, *shown])
    return _hash([ask, *shown, before]) if ask or shown or before else ""


def _canonical(parts: Sequence[Part]) -> str:
    return _canonical_text("\n".join(part.text for part in parts))


def _canonical_text(text: str) -> str:
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(text.casefold().split())


def _hash(facts: Sequence[str]) -> str:
    return blake2b("\x1f".join(facts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
