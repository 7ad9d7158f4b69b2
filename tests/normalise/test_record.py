"""Every field of the record schema, and what may stand in its place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bedrock_audit.record import (
    Body,
    BodyState,
    Direction,
    Model,
    Part,
    PartKind,
    Principal,
    PrincipalKind,
    Role,
    Source,
    Tokens,
)
from tests.normalise.logged import ANSWERED, INPUT, OUTPUT, found, logged, read, texts

ROLE = "arn:aws:iam::123456789012:role/helpdesk"


def test_a_record_says_who_asked_what_and_what_was_answered():
    record = read()

    assert record.source == Source("log.json", 1)
    assert (record.request_id, record.operation) == ("req-1", "Converse")
    assert (record.account, record.region, record.schema_version) == ("123456789012", "eu-central-1", "1.0")
    assert record.timestamp == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert record.principal == Principal(ROLE, PrincipalKind.ROLE, "worker-1")
    assert record.model == Model("anthropic.claude-3-haiku-20240307-v1:0", "anthropic.claude-3-haiku-20240307-v1:0")
    assert record.input == record.output == Body(BodyState.PRESENT, "converse")
    assert record.parts == (
        Part(
            Role.USER,
            Direction.INPUT,
            PartKind.TEXT,
            "When do plums bloom?",
            "/input/inputBodyJson/messages/0/content/0/text",
            turn=0,
        ),
        Part(
            Role.ASSISTANT,
            Direction.OUTPUT,
            PartKind.TEXT,
            "In March.",
            "/output/outputBodyJson/output/message/content/0/text",
            turn=1,
        ),
    )
    assert (record.tokens, record.latency_ms, record.stop_reason) == (Tokens(7, 3), 812, "end_turn")
    assert (record.guardrail, record.problems, record.error_code) == (None, (), "")


def test_facts_beside_the_bodies_reach_the_record():
    record = read(
        inferenceRegion="eu-west-1",
        status="ok",
        requestMetadata={"team": "orchard"},
        performanceConfig={"latency": "optimized"},
        input={**INPUT, "cacheReadInputTokenCount": 100, "cacheWriteInputTokenCount": 20},
    )

    assert (record.inference_region, record.status, record.latency_mode) == ("eu-west-1", "ok", "optimized")
    assert record.request_metadata == {"team": "orchard"}
    assert record.tokens == Tokens(7, 3, 100, 20)


def test_the_order_of_members_says_nothing():
    record = logged()

    assert found(dict(reversed(record.items()))) == found(record)


@pytest.mark.parametrize(
    ("logged_as", "time"),
    [
        ("2026-11-23T12:00:00Z", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("2026-11-23T12:00:00.25Z", datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-11-23T14:00:00+02:00", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("2026-11-23 12:00:00.000", datetime(2026, 11, 23, 12, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_they_come(logged_as, time):
    record = read(timestamp=logged_as)

    assert (record.timestamp, record.problems) == (time, ())


@pytest.mark.parametrize(
    "logged_as", ["2026-11-99T12:00:00Z", "soon", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z"]
)
def test_what_is_no_time_is_a_problem_and_no_more(logged_as):
    record = read(timestamp=logged_as)

    assert (record.timestamp, record.problems) == (None, ("the timestamp is no time",))
    assert texts(record) == ["When do plums bloom?", "In March."]


def test_a_record_is_the_same_by_whichever_channel_it_comes():
    again = found(dict(reversed(logged().items())))[0]

    assert read().identity == again.identity
    assert read(timestamp="2026-11-23T12:00:01Z").identity != read().identity
    assert read(operation="ConverseStream").identity != read().identity


def test_records_without_a_request_id_are_told_apart_by_what_they_say():
    other = {**OUTPUT, "outputBodyJson": {**ANSWERED, "stopReason": "max_tokens"}}

    assert read(requestId=None).identity == read(requestId=None).identity
    assert read(requestId=None).identity != read(requestId=None, output=other).identity


@pytest.mark.parametrize("missing", ["schemaType", "schemaVersion", "identity", "region", "accountId", "operation"])
def test_a_copy_that_lost_a_field_is_a_record_all_the_same(missing):
    assert texts(read(**{missing: None})) == ["When do plums bloom?", "In March."]


def test_an_operation_nobody_knows_yet_is_kept():
    assert read(operation="InvokeModelWithBidirectionalStream").operation == "InvokeModelWithBidirectionalStream"


def test_an_account_that_was_logged_as_a_number_is_read():
    record = read(accountId=123456789012)

    assert record.account == "123456789012"


def test_counts_that_a_guardrail_turned_into_floats_are_counts():
    assert read(input={**INPUT, "inputTokenCount": 28.0}).tokens.input == 28


def test_labels_that_are_no_strings_become_their_words():
    record = read(requestMetadata={"team": "orchard", "tries": 3, "dry": True, "none": None})

    assert record.request_metadata == {"team": "orchard", "tries": "3", "dry": "true", "none": ""}


def test_members_nobody_has_named_are_read_as_unknown():
    record = read(weather={"sky": "all blue"}, region={"where": "over there"})

    unknown = {part.location: part.text for part in record.parts if part.kind is PartKind.UNKNOWN}
    assert unknown == {"/weather/sky": "all blue", "/region/where": "over there"}
    assert record.input.unknown_strings == 2
    assert record.problems == ("the record has members that the log format does not name or type so",)


def test_a_body_logged_as_json_text_is_read():
    asked = {**INPUT, "inputBodyJson": '{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}'}

    record = read(input=asked)

    assert texts(record) == ["Hello", "In March."]
    assert record.input.shape == "converse"


def test_a_body_that_is_plain_text_is_read_as_unknown():
    record = read(output={"outputBodyJson": "In March, they say."})

    assert texts(record) == ["When do plums bloom?", "In March, they say."]
    assert record.output == Body(BodyState.PRESENT, "unknown", unknown_strings=1)


def test_the_body_speaks_where_the_record_counts_nothing():
    record = read(output={"outputBodyJson": {**ANSWERED, "usage": {"inputTokens": 9, "outputTokens": 4}}}, input={})

    assert record.tokens == Tokens(9, 4)


def test_the_end_user_is_the_callers_word():
    asked = {"anthropic_version": "bedrock-2023-05-31", "messages": [], "metadata": {"user_id": "gardener-7"}}

    assert read(input={"inputBodyJson": asked}).end_user == "gardener-7"


def test_extras_of_bedrock_are_facts_and_no_text():
    answer = [
        {"outputText": "In ", "index": 0, "amazon-bedrock-guardrailAction": "NONE"},
        {
            "outputText": "March.",
            "index": 0,
            "completionReason": "FINISH",
            "amazon-bedrock-invocationMetrics": {
                "inputTokenCount": 5,
                "outputTokenCount": 4,
                "invocationLatency": 700,
                "firstByteLatency": 90,
                "cacheReadInputTokenCount": 2,
                "cacheWriteInputTokenCount": 1,
            },
        },
    ]
    asked = {"inputText": "When?", "amazon-bedrock-guardrailConfig": {"tagSuffix": "xyz"}}

    record = read(
        input={"inputBodyJson": asked}, output={"outputBodyJson": answer}, modelId="amazon.titan-text-lite-v1"
    )

    assert texts(record) == ["When?", "In March."]
    assert (record.tokens, record.latency_ms) == (Tokens(5, 4, 2, 1), 700)
    assert record.guardrail is not None
    assert record.guardrail.intervened is False


def test_a_prompt_router_tells_the_model_it_chose():
    router = "arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1"
    invoked = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
    answer = {**ANSWERED, "trace": {"promptRouter": {"invokedModelId": invoked}}}

    record = read(modelId=router, output={"outputBodyJson": answer})

    assert record.model == Model(router, "anthropic.claude-3-haiku-20240307-v1:0", "prompt-router")


def test_a_video_in_s3_is_media():
    record = read(output={"outputVideoS3Path": "s3://clips/output.mp4", "outputVideoDurationSeconds": 6})

    (media,) = record.media
    assert (media.kind, media.where, media.direction) == ("video", "s3://clips/output.mp4", Direction.OUTPUT)


CHUNKS = [
    '{"choices":[{"index":0,"delta":{"role":"assistant","content":"In "}}]}',
    '{"choices":[{"index":0,"delta":{"content":"March."},"finish_reason":"stop"}]}',
]
WIRE = {
    "a line each": [f"data: {chunk}" for chunk in CHUNKS] + ["data: [DONE]"],
    "JSON each": [*CHUNKS, "[DONE]"],
    "one text": "".join(f"event: piece\ndata: {chunk}\n\n" for chunk in CHUNKS) + "data: [DONE]\n\n",
}


@pytest.mark.parametrize("body", WIRE.values(), ids=WIRE)
def test_a_stream_logged_as_it_went_over_the_wire_is_opened(body):
    record = read(output={"outputBodyJson": body})

    assert (record.output.shape, record.stop_reason) == ("openai-chat", "stop")
    assert texts(record)[-1] == "In March."
    assert record.output.unknown_strings == 0


def test_lines_of_a_wire_that_are_no_json_are_still_read():
    record = read(output={"outputBodyJson": "event: said aside\ndata: {broken\n\n: a comment of the server's\n"})

    assert texts(record)[1:] == ["event: said aside", "data: {broken", ": a comment of the server's"]
