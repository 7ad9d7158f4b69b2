"""The measure of lost words finds what a reader loses, and nothing in logs that are read whole."""

from __future__ import annotations

import json

from bedrock_audit.normalise.leaves import Leaf
from evaluation import extraction
from tests.builders import a_record, asked

CALL = {
    "operation": "InvokeModel",
    "modelId": "amazon.titan-text-lite-v1",
    "requestBody": {"inputText": "When do plums bloom?", "textGenerationConfig": {"stopSequences": ["END"]}},
    "responseBody": {"results": [{"outputText": "In March.", "completionReason": "FINISH"}]},
}


def test_recorded_calls_are_read_whole(tmp_path, capsys):
    calls = tmp_path / "bodies.jsonl"
    calls.write_text(
        json.dumps(CALL)
        + "\n"
        + json.dumps(
            {
                **CALL,
                "responseBody": None,
                "responseStreamEvents": [
                    {"outputText": "In ", "index": 0},
                    {"outputText": "March.", "index": 0},
                    "[DONE]",
                ],
            }
        )
    )

    assert extraction.main([str(calls)]) == 0
    assert "0 strings in no part" in capsys.readouterr().out


def test_words_that_no_part_holds_are_printed(tmp_path, capsys):
    trace = {"guardrail": {"modelOutput": ["a hidden answer"], "inputAssessment": {"g": {"note": "matched words"}}}}
    log = tmp_path / "day.json"
    record = {
        "schemaType": "ModelInvocationLog",
        "modelId": "m",
        "input": {"inputBodyJson": CALL["requestBody"]},
        "output": {"outputBodyJson": {"output": {"message": {"content": []}}, "trace": trace}, "status": 7},
    }
    log.write_text(json.dumps(record))

    (hidden,) = (item for item in extraction.missing(log) if "matched" in item.leaf.text)

    assert hidden.is_noise
    assert extraction.main([str(log)]) == 0


def test_a_reader_that_loses_words_is_found_out():
    lost = Leaf("When do plums bloom?", "/input/inputBodyJson/inputText")

    assert extraction.is_read(lost, a_record(asked("When do plums bloom? Soon?")))
    assert not extraction.is_read(lost, a_record(asked("When do")))
    assert not extraction.is_noise(lost)
