"""Bodies that Bedrock put beside the log: fetched, unpacked and read, or named with the reason why not."""

from __future__ import annotations

import gzip
import json

import pytest

from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.record import Body, BodyState
from tests.normalise.logged import ANSWERED, ASKED, FakeBodies, read, texts

URI = "s3://logs/AWSLogs/1/BedrockModelInvocationLogs/us-east-1/2026/11/23/12/data/req-1_input.json.gz"
OFFLOADED = {"inputContentType": "application/json", "inputBodyS3Path": URI, "inputTokenCount": 40_000}


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_an_offloaded_body_is_read_from_beside_the_log(packed):
    body = json.dumps(ASKED).encode()

    record = read(input=OFFLOADED, bodies=FakeBodies({URI: gzip.compress(body) if packed else body}))

    assert record.input == Body(BodyState.OFFLOADED, "converse")
    assert (record.parts[0].text, record.parts[0].location) == (
        "When do plums bloom?",
        "/input/inputBodyS3Path/messages/0/content/0/text",
    )


def test_an_offloaded_stream_is_a_list():
    chunks = [{"outputText": "In ", "index": 0}, {"outputText": "March.", "index": 0}]
    bodies = FakeBodies({URI: json.dumps(chunks).encode()})

    record = read(output={"outputBodyS3Path": URI}, bodies=bodies)

    assert texts(record) == ["When do plums bloom?", "In March."]
    assert record.output == Body(BodyState.OFFLOADED, "titan-text")


UNRESOLVED = {
    "not there": (b"", FakeBodies(), "not-found"),
    "outside the allowed places": (b"", NoBodies(), "outside-allowed-places"),
    "no JSON": (b"plums", None, "not-json"),
    "cut JSON": (b'{"messages":[', None, "not-json"),
    "cut gzip": (gzip.compress(json.dumps(ASKED).encode())[:-20], None, "gzip-truncated"),
    "damaged gzip": (b"\x1f\x8b" + b"plums" * 9, None, "gzip-corrupt"),
    "a bomb": (gzip.compress(bytes(70_000_000)), None, "too-large"),
}


@pytest.mark.parametrize(("held", "bodies", "reason"), UNRESOLVED.values(), ids=UNRESOLVED)
def test_a_body_that_cannot_be_had_says_why(held, bodies, reason):
    record = read(input=OFFLOADED, bodies=bodies or FakeBodies({URI: held}))

    assert record.input == Body(BodyState.UNRESOLVED, reason=reason)
    assert texts(record) == ["In March."]


def test_a_body_in_the_record_needs_no_fetching():
    bodies = FakeBodies()

    record = read(input={**OFFLOADED, "inputBodyJson": ASKED}, bodies=bodies)

    assert record.input.state is BodyState.PRESENT
    assert bodies.asked_for == []


MEDIA = "s3://logs/data/req-1_input_media_00.md"


def test_a_text_document_beside_the_log_is_read():
    document = {"format": "md", "name": "Notes", "source": {"s3Uri": MEDIA}}
    asked = {"messages": [{"role": "user", "content": [{"document": document}]}]}

    record = read(input={"inputBodyJson": asked}, bodies=FakeBodies({MEDIA: b"Plums bloom early."}))

    assert texts(record) == ["Notes", "Plums bloom early.", "In March."]
    assert [(media.where, media.text_was_read) for media in record.media] == [(MEDIA, True)]


def test_a_document_that_cannot_be_had_is_media_not_read():
    document = {"format": "md", "name": "Notes", "source": {"s3Uri": MEDIA}}
    asked = {"messages": [{"role": "user", "content": [{"document": document}]}]}

    record = read(input={"inputBodyJson": asked})

    assert [(media.where, media.text_was_read) for media in record.media] == [(MEDIA, False)]


def test_the_answer_follows_the_turns_of_an_offloaded_conversation():
    conversation = {"messages": [*ASKED["messages"], {"role": "assistant", "content": [{"text": "Soon."}]}] * 2}

    record = read(
        input=OFFLOADED,
        output={"outputBodyJson": ANSWERED},
        bodies=FakeBodies({URI: json.dumps(conversation).encode()}),
    )

    assert [part.turn for part in record.parts] == [0, 1, 2, 3, 4]
