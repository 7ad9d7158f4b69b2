"""Writes a conversation as the request and response bodies of a model family; the reverse of what the reader does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bedrock_audit.demo.script import Turn
from bedrock_audit.record import Value

Json = dict[str, Any]


class Bodies(Value, frozen=True):
    """An operation with its two bodies as Bedrock logs them."""

    operation: str
    request: Json
    response: Json | list[Json]


def converse(turns: Sequence[Turn], *, system: str, guardrail: bool) -> Bodies:
    """The Converse API."""
    messages = [message for turn in turns[:-1] for message in (_said(turn), _answered(turn))] + [_said(turns[-1])]
    response: Json = {
        "output": {"message": _answered(turns[-1])},
        "stopReason": "end_turn",
        "metrics": {"latencyMs": 840},
        "usage": {"inputTokens": _tokens(turns), "outputTokens": 40, "totalTokens": _tokens(turns) + 40},
    }
    if guardrail:
        response["trace"] = {"guardrail": {"inputAssessment": {"gr1demo": {"invocationMetrics": {}}}}}
    request = {"messages": messages, **({"system": [{"text": system}]} if system else {})}
    return Bodies(operation="Converse", request=request, response=response)


def anthropic_stream(turns: Sequence[Turn], *, system: str, guardrail: bool) -> Bodies:  # noqa: ARG001
    """Anthropic Messages by InvokeModelWithResponseStream: a list of events, the answer in pieces."""
    messages = [
        {"role": role, "content": text}
        for turn in turns
        for role, text in (("user", turn.ask), ("assistant", turn.answer))
    ][:-1]
    request: Json = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 800, "messages": messages}
    pieces = [turns[-1].answer[at : at + 24] for at in range(0, len(turns[-1].answer), 24)]
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}} for piece in pieces
    ]
    events: list[Json] = [
        {"type": "message_start", "message": {"type": "message", "role": "assistant", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *deltas,
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 40}},
        {"type": "message_stop"},
    ]
    if system:
        request["system"] = system
    return Bodies(operation="InvokeModelWithResponseStream", request=request, response=events)


def llama(turns: Sequence[Turn], *, system: str, guardrail: bool) -> Bodies:  # noqa: ARG001
    """Meta Llama: the conversation is one prompt with markup."""
    said = [("system", system)] if system else []
    said += [(role, text) for turn in turns for role, text in (("user", turn.ask), ("assistant", turn.answer))][:-1]
    marked = "".join(f"<|start_header_id|>{role}<|end_header_id|>\n\n{text}<|eot_id|>" for role, text in said)
    prompt = f"<|begin_of_text|>{marked}<|start_header_id|>assistant<|end_header_id|>\n\n"
    response = {"generation": turns[-1].answer, "prompt_token_count": 30, "generation_token_count": 40}
    return Bodies(operation="InvokeModel", request={"prompt": prompt, "max_gen_len": 400}, response=response)


def titan(turns: Sequence[Turn], *, system: str, guardrail: bool) -> Bodies:  # noqa: ARG001
    """Amazon Titan Text: one text in, one out."""
    response = {
        "inputTextTokenCount": 30,
        "results": [{"tokenCount": 40, "outputText": turns[-1].answer, "completionReason": "FINISH"}],
    }
    return Bodies(operation="InvokeModel", request={"inputText": turns[-1].ask}, response=response)


FORMS: dict[str, Callable[..., Bodies]] = {
    "converse": converse,
    "anthropic-stream": anthropic_stream,
    "llama": llama,
    "titan": titan,
}


def _said(turn: Turn) -> Json:
    content: list[Json] = [{"text": turn.ask}]
    if turn.document:
        content.append({"document": {"format": "txt", "name": "retrieved", "source": {"text": turn.document}}})
    return {"role": "user", "content": content}


def _answered(turn: Turn) -> Json:
    return {"role": "assistant", "content": [{"text": turn.answer}]}


def _tokens(turns: Sequence[Turn]) -> int:
    return sum(len(turn.ask.split()) + len(turn.answer.split()) for turn in turns)
