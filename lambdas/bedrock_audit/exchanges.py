"""Turns a record into its exchanges: what was asked, what was answered, and whether this record is the one that asked.

Clients send the whole conversation with every call, so all but the last exchange have been seen before. An exchange's
key is a hash of the asking turn without the answer: clients rewrite and trim the answers they send back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import groupby

from bedrock_audit.record import NO_TURN, Direction, InvocationRecord, Media, Part, Role, Value

SHORT_ASK = 24
"""Asks of fewer canonical characters ("yes", "continue") say nothing alone and take the answer before them along."""


class ExchangeKind(StrEnum):
    """A TURN of the conversation, or the FRAME around it: system prompts, tool definitions, parameters."""

    TURN = "turn"
    FRAME = "frame"


class Exchange(Value, frozen=True):
    """A turn that asks with the answer to it.

    `frame` is what surrounds every turn of the record (the same tuple for all of them). `is_new` is true for the
    record's own ask and its frame, false for the history sent along.
    """

    key: str
    kind: ExchangeKind
    asked: tuple[Part, ...]
    answered: tuple[Part, ...]
    frame: tuple[Part, ...]
    is_new: bool


def exchanges(record: InvocationRecord) -> tuple[Exchange, ...]:
    """Every exchange of the record, oldest first, its frame (if it has one) before them."""
    spoken = [part for part in record.parts if not part.is_echo]
    frame = tuple(part for part in spoken if part.turn == NO_TURN)
    turns = sorted((part for part in spoken if part.turn != NO_TURN), key=lambda part: part.turn)
    return (*_framing(frame), *_conversation(turns, frame=frame, media=record.media, record=record))


def _framing(frame: tuple[Part, ...]) -> Iterator[Exchange]:
    if frame:
        key = _hash([_canonical(frame)])
        yield Exchange(key=key, kind=ExchangeKind.FRAME, asked=frame, answered=(), frame=frame, is_new=True)


def _conversation(
    turns: Sequence[Part], *, frame: tuple[Part, ...], media: tuple[Media, ...], record: InvocationRecord
) -> Iterator[Exchange]:
    pairs = _pairs(turns)
    before = ""
    for position, (asked, answered) in enumerate(pairs):
        yield Exchange(
            key=_key(asked, before=before, media=media) or _hash(["no ask", record.identity]),
            kind=ExchangeKind.TURN,
            asked=asked,
            answered=answered,
            frame=frame,
            is_new=position == len(pairs) - 1,
        )
        before = _canonical(answered)


def _pairs(turns: Sequence[Part]) -> list[tuple[tuple[Part, ...], tuple[Part, ...]]]:
    """Asking and answering parts by turns; neighbouring asks are one ask, an answer without an ask has an empty one."""
    runs = [(answers, tuple(parts)) for answers, parts in groupby(turns, key=_is_answer)]
    pairs: list[tuple[tuple[Part, ...], tuple[Part, ...]]] = []
    for answers, parts in runs:
        if not answers:
            pairs.append((parts, ()))
        elif pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], parts)
        else:
            pairs.append(((), parts))
    return pairs


def _is_answer(part: Part) -> bool:
    return part.direction is Direction.OUTPUT or part.role is Role.ASSISTANT


def _key(asked: Sequence[Part], *, before: str, media: Sequence[Media]) -> str:
    """Empty when there is nothing to tell one ask from another by."""
    ask = _canonical(asked)
    turns = {part.turn for part in asked}
    shown = [f"{item.kind}/{item.media_type}/{item.size}" for item in media if item.turn in turns]
    if len(ask) >= SHORT_ASK:
        return _hash([ask, *shown])
    return _hash([ask, *shown, before]) if ask or shown or before else ""


def _canonical(parts: Sequence[Part]) -> str:
    text = "\n".join(part.text for part in parts)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())


def _hash(facts: Sequence[str]) -> str:
    return blake2b("\x1f".join(facts).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()
