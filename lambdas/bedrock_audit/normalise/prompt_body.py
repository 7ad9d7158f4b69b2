"""Reads what all bodies around a bare `prompt` have in common: the prompt's turns and the words generation stops at."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from bedrock_audit.normalise.prompt_markup import Said, turns
from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.roles import NOBODY, PARAMETER, SYSTEM, TEXT, USER
from bedrock_audit.normalise.sources import show_source
from bedrock_audit.record import Part

_STOPS = ("stop", "stop_sequences", "stopSequences", "end_sequences")
_READ = frozenset({"prompt", "system", "suffix", "images", *_STOPS})
_WORDS = frozenset(
    {"user", "language", "truncate", "return_likelihoods", "stream_options", "reasoning_effort", "preset"}
)


def read_prompt_body(body: dict[str, Any], reading: Reading, *, read: Set[str] = frozenset()) -> None:
    """The prompt as the turns its markup tells apart, then everything else; `read` are keys the caller reads."""
    at = reading.at
    reading.say(body.get("system"), f"{at}/system", role=SYSTEM)
    read_prompt(body.get("prompt"), f"{at}/prompt", reading)
    turn = max(reading.turns - 1, 0)
    reading.say(body.get("suffix"), f"{at}/suffix", role=USER, turn=turn)
    for index, image in enumerate(reading.items(body, "images", at, role=USER, turn=turn)):
        show_source(image, f"{at}/images/{index}", reading, kind="image", role=USER, turn=turn)
    for key in _STOPS:
        if key in body:
            reading.say_json(body[key], f"{at}/{key}", role=NOBODY, kind=PARAMETER)
    reading.rest(body, _READ | read, at, words=_WORDS)


def read_prompt(
    prompt: Any, location: str, reading: Reading, *, split: Callable[[str], tuple[Said, ...]] = turns
) -> None:
    """A prompt, or a list of prompts (OpenAI's batch of completions), each of which is the first turn."""
    if type(prompt) is not str:
        reading.turns = 1
        for index, one in enumerate(prompt if type(prompt) is list else ()):
            if type(one) is not int:
                reading.say(one, f"{location}/{index}", role=USER, turn=0)
        reading.say(prompt if type(prompt) is dict else None, location, role=USER, turn=0)
        return
    last = 0
    for said in split(prompt) if prompt else ():
        part = Part(said.role, reading.direction, TEXT, said.text, location, said.offset, said.turn)
        reading.parts.append(part)
        last = max(last, said.turn)
    reading.turns = last + 1
