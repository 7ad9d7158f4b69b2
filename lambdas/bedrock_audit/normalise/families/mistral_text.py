"""Reads Mistral's text bodies: a prompt with `[INST]` markup, `outputs[].text`, streamed or not."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.fragments import Fragments
from bedrock_audit.normalise.prompt_body import read_prompt_body
from bedrock_audit.normalise.reading import Reading, whole
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import Role

_RESPONSE = frozenset({"outputs"})
_OUTPUT = frozenset({"text"})


def request(body: dict[str, Any], reading: Reading) -> None:
    """The conversation in the prompt."""
    read_prompt_body(body, reading)


def response(body: dict[str, Any], reading: Reading) -> None:
    """Every output is an answer of its own."""
    stream([body], reading, at=reading.at)


def stream(chunks: list[Any], reading: Reading, *, at: str = "") -> None:
    """Outputs are deltas, joined per answer."""
    fragments = Fragments(reading)
    for position, chunk in reading.chunks(chunks):
        place = at or f"{reading.at}/{position}"
        for number, output in reading.objects(chunk, "outputs", place, role=Role.ASSISTANT, turn=reading.turn):
            index = whole(output.get("index"))
            answer = number if index is None else index
            fragments.add(answer, output.get("text"), f"{place}/outputs/{number}/text", answer=answer)
            reading.stopped(output.get("stop_reason"))
            reading.rest(output, _OUTPUT, f"{place}/outputs/{number}", role=Role.ASSISTANT, turn=reading.turn)
        reading.rest(chunk, _RESPONSE, place, role=Role.ASSISTANT, turn=reading.turn)
    fragments.told()


def _is_mistral(body: dict[str, Any], model: str) -> bool:
    if "mistral." in model:
        return True
    prompt = body.get("prompt")
    return type(prompt) is str and prompt.startswith("<s>[INST]") and "<<SYS>>" not in prompt


FAMILY = Family(
    requests=(Shape(name="mistral-text", keys=frozenset({"prompt"}), read=request, fits=_is_mistral),),
    responses=(Shape(name="mistral-text", keys=_RESPONSE, read=response),),
    streams=(Shape(name="mistral-text", keys=_RESPONSE, read=stream),),
)
