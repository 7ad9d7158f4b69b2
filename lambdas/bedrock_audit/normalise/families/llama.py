"""Reads Meta Llama's native bodies: a prompt that carries the conversation as markup, one `generation` in answer."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.prompt_body import read_prompt_body
from bedrock_audit.normalise.prompt_markup import thoughts
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import ASSISTANT
from bedrock_audit.normalise.shape import Family, Shape

NAME = "llama"

_LLAMA_MARKUP = ("<|start_header_id|>", "<|header_start|>", "<|begin_of_text|>", "<<SYS>>")
_ANSWER = frozenset({"generation"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The prompt's turns, with their roles; images for the models that see."""
    read_prompt_body(body, reading)


def response(body: dict[str, Any], reading: Reading) -> None:
    """One answer. DeepSeek-R1 and imported models that answer with the same keys think aloud in it."""
    _whole(body, reading.at, reading)
    text, place = body.get("generation"), f"{reading.at}/generation"
    if type(text) is not str:
        reading.say(text, place, role=ASSISTANT, turn=reading.turn)
        return
    for thought in thoughts(text):
        role, turn = ASSISTANT, reading.turn
        reading.say(thought.text, place, role=role, turn=turn, kind=thought.kind, offset=thought.offset)


def stream(chunks: list[Any], reading: Reading) -> None:
    """Deltas; the prompt's tokens are counted in the first chunk only."""
    fragments = Fragments(reading, split=thoughts)
    for number, chunk in reading.chunks(chunks):
        at = f"{reading.at}/{number}"
        fragments.add("generation", chunk.get("generation"), f"{at}/generation")
        _whole(chunk, at, reading)
    fragments.told()


def _whole(body: dict[str, Any], at: str, reading: Reading) -> None:
    reading.stopped(body.get("stop_reason"))
    reading.tokens(asked=body.get("prompt_token_count"), answered=body.get("generation_token_count"))
    reading.rest(body, _ANSWER, at, role=ASSISTANT, turn=reading.turn)


def _is_text(body: dict[str, Any], _model: str) -> bool:
    return body["generation"] is None or type(body["generation"]) is str


def _is_llama(body: dict[str, Any], model: str) -> bool:
    """`prompt` is what many families call it: Llama's own sampling parameter, markup or name tells."""
    prompt = body["prompt"]
    marked = type(prompt) is str and any(mark in prompt for mark in _LLAMA_MARKUP)
    return "max_gen_len" in body or "llama" in model or marked


FAMILY = Family(
    requests=(Shape(name=NAME, keys=frozenset({"prompt"}), read=request, fits=_is_llama),),
    responses=(Shape(name=NAME, keys=frozenset({"generation"}), read=response, fits=_is_text),),
    streams=(Shape(name=NAME, keys=frozenset({"generation"}), read=stream, fits=_is_text),),
)
