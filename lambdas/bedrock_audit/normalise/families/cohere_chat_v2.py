"""Reads the streams of Cohere's second chat form (Command A): its messages and answers are those of the chat family."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.chat_message import read_repeated
from bedrock_audit.normalise.chat_stream import Deltas
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.roles import ASSISTANT, NOBODY, TEXT
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.speaker import Speaker

_EVENTS = frozenset(
    {
        *("message-start", "content-start", "content-delta", "content-end", "tool-plan-delta"),
        *("tool-call-start", "tool-call-delta", "tool-call-end", "citation-start", "citation-end", "message-end"),
    }
)
_DELTA = frozenset({"delta", "logprobs"})
_MESSAGE = frozenset({"message", "usage"})
_ERROR = "error"
_CITATIONS = "citations"
_CALLS = "tool_calls"


def stream(chunks: list[Any], reading: Reading) -> None:
    """Every event's `delta` holds the next piece of the message; citations repeat what they cite."""
    fragments = Fragments(reading, split=thoughts)
    deltas = Deltas(reading, fragments)
    for position, event in reading.chunks(chunks):
        at = f"{reading.at}/{position}"
        delta = reading.object(event, "delta", at, role=ASSISTANT, turn=reading.turn)
        _piece(delta, f"{at}/delta", reading, deltas=deltas, index=whole(event.get("index")) or 0)
        reading.rest_of_answer(event, _DELTA, at)
    fragments.told()


def _piece(delta: dict[str, Any], at: str, reading: Reading, *, deltas: Deltas, index: int) -> None:
    message, place = reading.object(delta, "message", at, role=ASSISTANT, turn=reading.turn), f"{at}/message"
    if message.get(_CITATIONS) is not None:
        read_repeated(message[_CITATIONS], f"{place}/{_CITATIONS}", Speaker(reading, ASSISTANT, reading.turn))
    calls = message.get(_CALLS)
    if type(calls) is dict:
        # The event counts the calls; in the chat family each call does.
        calls = {"index": index, **calls}
    said = {key: value for key, value in message.items() if key not in (_CITATIONS, _CALLS)}
    deltas.add({**said, _CALLS: calls}, place, answer=0)
    reading.stopped(delta.get("finish_reason"))
    reading.say(delta.get(_ERROR), f"{at}/{_ERROR}", role=NOBODY, turn=reading.turn, kind=TEXT)
    _usage(delta, at, reading)
    reading.rest_of_answer(delta, _MESSAGE | {_ERROR}, at)


def _usage(delta: dict[str, Any], at: str, reading: Reading) -> None:
    """Tokens as billed or as counted: those that were counted are the model's."""
    usage = reading.object(delta, "usage", at)
    for key in usage:
        counts = reading.counts(usage, key, f"{at}/usage") if type(usage[key]) is dict else {}
        if key == "tokens":
            reading.tokens(asked=counts.get("input_tokens"), answered=counts.get("output_tokens"))
    reading.rest(usage, frozenset(key for key in usage if type(usage[key]) is dict), f"{at}/usage")


def _is_event(chunk: dict[str, Any], _model: str) -> bool:
    return type(chunk["type"]) is str and chunk["type"] in _EVENTS


FAMILY = Family(streams=(Shape(name="cohere-chat-v2", keys=frozenset({"type"}), read=stream, fits=_is_event),))
