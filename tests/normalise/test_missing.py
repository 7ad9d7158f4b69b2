"""The reasons for a missing body, told apart by the traces they leave."""

from __future__ import annotations

import pytest

from bedrock_audit.record import Body, BodyState
from tests.normalise.logged import INPUT, OUTPUT, read

NO_INPUT = {"inputContentType": "application/json"}
NO_OUTPUT = {"outputContentType": "application/json"}
S = BodyState

CASES = {
    "delivery is off: tokens on both sides and no body": (
        {"input": {**NO_INPUT, "inputTokenCount": 5}, "output": {**NO_OUTPUT, "outputTokenCount": 8}},
        (S.DELIVERY_OFF, S.DELIVERY_OFF),
    ),
    "delivery is off for an embedding, which counts no output": (
        {"input": {**NO_INPUT, "inputTokenCount": 5}, "output": NO_OUTPUT},
        (S.DELIVERY_OFF, S.DELIVERY_OFF),
    ),
    "empty bodies are as good as none": (
        {"input": {"inputBodyJson": {}, "inputTokenCount": 5}, "output": {"outputBodyJson": [], "outputTokenCount": 8}},
        (S.DELIVERY_OFF, S.DELIVERY_OFF),
    ),
    "too large: an answer is there and the prompt is only counted": (
        {"input": {**NO_INPUT, "inputTokenCount": 40_000}},
        (S.TOO_LARGE, S.PRESENT),
    ),
    "too large, and counted by the cache alone": (
        {"input": {**NO_INPUT, "inputTokenCount": 0, "cacheWriteInputTokenCount": 31_814}},
        (S.TOO_LARGE, S.PRESENT),
    ),
    "an answer too large": ({"output": {**NO_OUTPUT, "outputTokenCount": 30_000}}, (S.PRESENT, S.TOO_LARGE)),
    "a failed call without anything": (
        {"errorCode": "ValidationException", "input": {}, "output": {}},
        (S.FAILED_CALL, S.FAILED_CALL),
    ),
    "a failed call without its sides": (
        {"errorCode": "AccessDeniedException", "input": None, "output": None},
        (S.FAILED_CALL, S.FAILED_CALL),
    ),
    "a failed call that shows what was asked": (
        {"errorCode": "ModelTimeoutException", "output": NO_OUTPUT},
        (S.PRESENT, S.FAILED_CALL),
    ),
    "absent: nothing is there and nothing says why": ({"input": NO_INPUT, "output": NO_OUTPUT}, (S.ABSENT, S.ABSENT)),
    "an empty answer": ({"output": {**NO_OUTPUT, "outputTokenCount": 0}}, (S.PRESENT, S.ABSENT)),
    "a vector that was not delivered holds no words": (
        {
            "modelId": "amazon.titan-embed-text-v2:0",
            "input": {"inputBodyJson": {"inputText": "plums"}, "inputTokenCount": 2},
            "output": NO_OUTPUT,
        },
        (S.PRESENT, S.NO_TEXT),
    ),
}


@pytest.mark.parametrize(("fields", "states"), CASES.values(), ids=CASES)
def test_why_a_body_is_missing(fields, states):
    record = read(**fields)

    assert (record.input.state, record.output.state) == states


def test_a_picture_that_was_not_delivered_says_what_is_missing():
    asked = {"inputBodyJson": {"taskType": "TEXT_IMAGE", "textToImageParams": {"text": "a plum tree"}}}

    record = read(
        modelId="amazon.nova-canvas-v1:0",
        input=asked,
        output={**NO_OUTPUT, "outputImageHeight": 512, "outputImageWidth": 512},
    )

    assert record.output == Body(BodyState.DELIVERY_OFF, reason="media")


def test_what_is_there_is_read_whatever_is_missing():
    record = read(input={**NO_INPUT, "inputTokenCount": 40_000})

    (answer,) = record.parts
    assert (answer.text, answer.turn) == ("In March.", 0)


def test_nothing_is_missing_from_a_plain_call():
    record = read(input=INPUT, output=OUTPUT)

    assert (record.input.reason, record.output.reason) == ("", "")
