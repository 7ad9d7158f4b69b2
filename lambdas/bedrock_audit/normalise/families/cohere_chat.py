"""Reads Cohere Command R bodies: `message` and `chat_history` in, `text` out; the response repeats the conversation."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.cohere_meta import META, read_meta
from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.noise import NOISE, SCHEMA_NOISE
from bedrock_audit.normalise.reading import Reading, role_named
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.normalise.tools import read_tools
from bedrock_audit.record import NO_TURN, PartKind, Role

_PARAMETERS = ("stop_sequences", "response_format", "connectors")
_REQUEST = frozenset({"message", "chat_history", "preamble", "documents", "tools", "tool_results", *_PARAMETERS})
_WORDS = frozenset({"prompt_truncation", "citation_quality", "citation_mode", "safety_mode", "conversation_id"})
_IDS = NOISE | {"document_ids"}
_NOTHING: frozenset[str] = frozenset()
_SAID = frozenset({"message", "tool_calls", "tool_results"})
_TOLD = {
    "text": PartKind.TEXT,
    "tool_plan": PartKind.REASONING,
    "tool_calls": PartKind.TOOL_ARGUMENTS,
    "search_queries": PartKind.TOOL_ARGUMENTS,
}
_REPEATED = {
    "documents": Role.DOCUMENT,
    "search_results": Role.DOCUMENT,
    "citations": Role.ASSISTANT,
    "prompt": Role.USER,
}
_RESPONSE = frozenset({*_TOLD, *_REPEATED, "chat_history", META})
_CHUNK = frozenset({*_RESPONSE, "response", "tool_call_delta"})
_CALL = ("name", "parameters", "text")
_SPEAKING = frozenset({"text", "tool_calls", "tool_call_delta"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The history's turns, then the message with the documents and tool results that go with it."""
    at = reading.at
    reading.say(body.get("preamble"), f"{at}/preamble", role=Role.SYSTEM)
    read_tools(body.get("tools"), f"{at}/tools", reading)
    for turn, said in reading.objects(body, "chat_history", at, role=Role.USER, turn=0):
        _said(said, f"{at}/chat_history/{turn}", reading, turn=turn)
    history = body.get("chat_history")
    turn = len(history) if type(history) is list else 0
    reading.turns = turn + 1
    for key, role in (("documents", Role.DOCUMENT), ("tool_results", Role.TOOL)):
        skip = _IDS if role is Role.DOCUMENT else _NOTHING
        reading.say_json(body.get(key), f"{at}/{key}", role=role, turn=turn, kind=PartKind.TEXT, skip=skip)
    reading.say(body.get("message"), f"{at}/message", role=Role.USER, turn=turn)
    for key in _PARAMETERS:
        place, skip = f"{at}/{key}", SCHEMA_NOISE
        reading.say_json(body.get(key), place, role=Role.UNKNOWN, kind=PartKind.PARAMETER, skip=skip)
    reading.rest(body, _REQUEST, at, words=_WORDS)


def _said(said: dict[str, Any], at: str, reading: Reading, *, turn: int, is_echo: bool = False) -> None:
    role = role_named(said.get("role"))
    place = NO_TURN if role is Role.SYSTEM else turn
    reading.say(said.get("message"), f"{at}/message", role=role, turn=place, is_echo=is_echo)
    reading.say_json(said.get("tool_calls"), f"{at}/tool_calls", role=role, turn=turn, is_echo=is_echo)
    results = f"{at}/tool_results"
    reading.say_json(said.get("tool_results"), results, role=Role.TOOL, turn=turn, kind=PartKind.TEXT, is_echo=is_echo)
    reading.rest(said, _SAID, at, role=role, turn=turn)


def response(body: dict[str, Any], reading: Reading) -> None:
    """The answer, its searches and tool calls; the documents and the whole history are echoes."""
    _answer(body, reading.at, reading, is_echo=False)
    reading.rest(body, _RESPONSE, reading.at, role=Role.ASSISTANT, turn=reading.turn)


def _answer(body: dict[str, Any], at: str, reading: Reading, *, is_echo: bool) -> None:
    """`is_echo` for the last event of a stream, which repeats all that came before it."""
    for key, kind in _TOLD.items():
        value, place = body.get(key), f"{at}/{key}"
        if type(value) is str:
            reading.say(value, place, role=Role.ASSISTANT, turn=reading.turn, kind=kind, is_echo=is_echo)
        else:
            role, skip = Role.ASSISTANT, _IDS if key == "search_queries" else _NOTHING
            reading.say_json(value, place, role=role, turn=reading.turn, kind=kind, skip=skip, is_echo=is_echo)
    for key, role in _REPEATED.items():
        value, place, kind = body.get(key), f"{at}/{key}", PartKind.TEXT
        reading.say_json(value, place, role=role, turn=reading.turn, kind=kind, skip=_IDS, is_echo=True)
    for index, said in reading.objects(body, "chat_history", at, role=Role.USER, turn=reading.turn):
        _said(said, f"{at}/chat_history/{index}", reading, turn=index, is_echo=True)
    reading.stopped(body.get("finish_reason"))
    read_meta(body, at, reading)


def stream(chunks: list[Any], reading: Reading) -> None:
    """Events by `event_type`; `stream-end` repeats the answer, and is the answer where nothing came before it."""
    fragments = Fragments(reading)
    spoken: set[str] = set()
    for position, chunk in reading.chunks(chunks):
        place = f"{reading.at}/{position}"
        fragments.add("text", chunk.get("text"), f"{place}/text")
        _call_fragment(chunk.get("tool_call_delta"), f"{place}/tool_call_delta", fragments, reading)
        told = {key: value for key, value in chunk.items() if key != "text"}
        _answer(told, place, reading, is_echo="tool_call_delta" in spoken)
        spoken |= chunk.keys() & _SPEAKING
        whole = reading.object(chunk, "response", place, role=Role.ASSISTANT, turn=reading.turn)
        _answer(whole, f"{place}/response", reading, is_echo=bool(spoken))
        reading.rest(whole, _RESPONSE, f"{place}/response", role=Role.ASSISTANT, turn=reading.turn)
        reading.rest(chunk, _CHUNK, place, role=Role.ASSISTANT, turn=reading.turn)
    fragments.told()


def _call_fragment(delta: Any, at: str, fragments: Fragments, reading: Reading) -> None:
    if type(delta) is not dict:
        fragments.add("call", delta, at, kind=PartKind.TOOL_ARGUMENTS)
        return
    for key in _CALL:
        call = (str(delta.get("index")), key)
        fragments.add(call, delta.get(key), f"{at}/{key}", kind=PartKind.TOOL_ARGUMENTS)
    reading.rest(delta, frozenset(_CALL), at, role=Role.ASSISTANT, turn=reading.turn)


def _is_asked_so(body: dict[str, Any], _model: str) -> bool:
    return "messages" not in body


FAMILY = Family(
    requests=(Shape(name="cohere-chat", keys=frozenset({"message", "chat_history"}), read=request, fits=_is_asked_so),),
    responses=(
        Shape(name="cohere-chat", keys=frozenset({"chat_history", "generation_id", "response_id"}), read=response),
    ),
    streams=(Shape(name="cohere-chat", keys=frozenset({"event_type"}), read=stream),),
)
