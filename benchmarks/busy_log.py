"""Makes a log as a busy organisation has it: model families mixed, conversations that re-send their history."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bedrock_audit.record import Value

SEED = 20261123
TEXT = """the a of to and in is for on that with as it are by this be from or an at not can have which will one all has
their more when there been also into other than some these may only most about what each if time them how two would
order invoice customer region garden report weather recipe bridge train ticket window river summer market station
update review summary contract letter project meeting schedule budget kitchen museum library network server cluster
storage backup release version feature table column query index metric alert deploy pipeline image model answer
question please write explain compare list describe translate shorten improve number percent because however while
before after between during under over through against without within little large small early late often never"""
WORDS = TEXT.split()


class Said(Value, frozen=True):
    """A message of a conversation, whatever form it will take."""

    role: str
    text: str


def write_log(path: Path, *, records: int) -> int:
    """Writes a gzipped log; returns its size in bytes before compression."""
    size = 0
    with gzip.open(path, "wb", compresslevel=6) as log:
        for record in made_records(records):
            line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
            size += len(line)
            log.write(line)
    return size


def made_records(count: int) -> Iterator[dict[str, Any]]:
    """The same records for the same count: conversations of one to twelve asks, each asked with all before it."""
    chance = random.Random(SEED)
    made = 0
    while made < count:
        form = chance.choices(list(FORMS), weights=[34, 20, 25, 4, 6, 11])[0]
        system = _text(chance, low=30, high=200)
        said: list[Said] = []
        for _ in range(min(chance.choice([1, 1, 2, 3, 5, 8, 12]), count - made)):
            said.append(Said("user", _text(chance, low=20, high=250)))
            answer = _text(chance, low=40, high=350)
            yield _record(made, form, system, said, answer)
            said.append(Said("assistant", answer))
            made += 1


def _record(number: int, form: str, system: str, said: list[Said], answer: str) -> dict[str, Any]:
    request, response = FORMS[form](system, said, answer)
    return {
        "timestamp": f"2026-11-23T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        "accountId": "123456789012",
        "identity": {"arn": f"arn:aws:sts::123456789012:assumed-role/team-{number % 7}/worker-{number % 50}"},
        "region": "eu-central-1",
        "requestId": f"{number:08x}-0000-4000-8000-000000000000",
        "operation": OPERATIONS[form],
        "modelId": MODELS[form],
        "input": {"inputContentType": "application/json", "inputBodyJson": request, "inputTokenCount": 900},
        "output": {"outputContentType": "application/json", "outputBodyJson": response, "outputTokenCount": 200},
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
    }


def _text(chance: random.Random, *, low: int, high: int) -> str:
    words = chance.choices(WORDS, k=chance.randint(low, high))
    return " ".join(f'{word}.\n"' if chance.random() < 0.03 else word for word in words)


def _converse(system: str, said: list[Said], answer: str) -> tuple[Any, Any]:
    messages = [{"role": one.role, "content": [{"text": one.text}]} for one in said]
    tool = {"name": "look_up", "description": "Looks something up", "inputSchema": {"json": SCHEMA}}
    request = {
        "messages": messages,
        "system": [{"text": system}],
        "inferenceConfig": {"maxTokens": 500, "temperature": 0.2},
        "toolConfig": {"tools": [{"toolSpec": tool}]},
    }
    response = {
        "output": {"message": {"role": "assistant", "content": [{"text": answer}]}},
        "stopReason": "end_turn",
        "metrics": {"latencyMs": 900},
        "usage": {"inputTokens": 900, "outputTokens": 200, "totalTokens": 1100},
    }
    return request, response


def _anthropic(system: str, said: list[Said], answer: str) -> tuple[Any, Any]:
    messages = [{"role": one.role, "content": [{"type": "text", "text": one.text}]} for one in said]
    request = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 500, "system": system, "messages": messages}
    response = {
        "id": "msg_bdrk_01",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5",
        "content": [{"type": "text", "text": answer}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 900, "output_tokens": 200},
    }
    return request, response


def _anthropic_streamed(system: str, said: list[Said], answer: str) -> tuple[Any, Any]:
    request, whole = _anthropic(system, said, "")
    pieces = [answer[at : at + 60] for at in range(0, len(answer), 60)]
    return request, [
        {"type": "message_start", "message": {**whole, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
            for piece in pieces
        ),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 200}},
        {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 900, "outputTokenCount": 200}},
    ]


def _titan(system: str, said: list[Said], answer: str) -> tuple[Any, Any]:
    prompt = "\n".join([system, *(one.text for one in said)])
    results = [{"tokenCount": 200, "outputText": answer, "completionReason": "FINISH"}]
    return {"inputText": prompt, "textGenerationConfig": {"maxTokenCount": 500}}, {"results": results}


def _llama(system: str, said: list[Said], answer: str) -> tuple[Any, Any]:
    spoken = [Said("system", system), *said]
    marked = [f"<|start_header_id|>{one.role}<|end_header_id|>\n\n{one.text}<|eot_id|>" for one in spoken]
    prompt = f"<|begin_of_text|>{''.join(marked)}<|start_header_id|>assistant<|end_header_id|>\n\n"
    response = {"generation": answer, "prompt_token_count": 900, "generation_token_count": 200, "stop_reason": "stop"}
    return {"prompt": prompt, "max_gen_len": 500}, response


def _chat(system: str, said: list[Said], answer: str) -> tuple[Any, Any]:
    spoken = [Said("system", system), *said]
    messages = [{"role": one.role, "content": one.text} for one in spoken]
    choice = {"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}
    return {"messages": messages, "max_tokens": 500}, {"choices": [choice], "usage": {"prompt_tokens": 900}}


SCHEMA = {"type": "object", "properties": {"what": {"type": "string", "description": "What to look up"}}}
FORMS = {
    "converse": _converse,
    "anthropic": _anthropic,
    "anthropic streamed": _anthropic_streamed,
    "titan": _titan,
    "llama": _llama,
    "chat": _chat,
}
OPERATIONS = dict.fromkeys(FORMS, "InvokeModel") | {
    "converse": "Converse",
    "anthropic streamed": "InvokeModelWithResponseStream",
}
MODELS = {
    "converse": "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0",
    "anthropic": "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "anthropic streamed": "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
    "titan": "amazon.titan-text-express-v1",
    "llama": "meta.llama3-70b-instruct-v1:0",
    "chat": "openai.gpt-oss-120b-1:0",
}
