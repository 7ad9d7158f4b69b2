"""Records in whatever wraps them: CloudWatch, Kinesis, Firehose, exports, batch inference."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from bedrock_audit.record import BodyState, InvocationRecord, Skipped, Source, Unreadable
from tests.normalise.logged import ANSWERED, ASKED, found, logged, texts

ONE, OTHER = logged(requestId="one"), logged(requestId="other")
MESSAGES = [json.dumps(ONE), json.dumps(OTHER)]


def subscription(*messages: str) -> dict[str, Any]:
    events = [{"id": str(number), "timestamp": 1, "message": message} for number, message in enumerate(messages)]
    stream = "aws/bedrock/modelinvocations"
    return {"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logStream": stream, "logEvents": events}


def packed(value: Any) -> str:
    return base64.b64encode(gzip.compress(json.dumps(value).encode())).decode()


def in_base64(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


CONTAINERS = {
    "a CloudWatch subscription": subscription(*MESSAGES),
    "a subscription as Lambda gets it": {"awslogs": {"data": packed(subscription(*MESSAGES))}},
    "a subscription through Kinesis": {"Records": [{"kinesis": {"data": packed(subscription(*MESSAGES))}}]},
    "a subscription through Firehose": {"records": [{"recordId": "r", "data": packed(subscription(*MESSAGES))}]},
    "Firehose's records": {"records": [{"recordId": "r", "data": in_base64(one)} for one in (ONE, OTHER)]},
    "filtered log events": {"events": [{"message": message} for message in MESSAGES], "searchedLogStreams": []},
    "an export of Insights": [{"@timestamp": "now", "@message": message} for message in MESSAGES],
    "an export of Insights with parsed messages": [{"@message": ONE}, {"@message": OTHER}],
    "results of an Insights query": {
        "results": [[{"field": "@ptr", "value": "p"}, {"field": "@message", "value": message}] for message in MESSAGES],
        "status": "Complete",
    },
    "an array": [ONE, OTHER],
    "texts": MESSAGES,
    "a text in a text": [json.dumps(message) for message in MESSAGES],
    "values in a row": (json.dumps(ONE) + "\n" + json.dumps(OTHER)).encode(),
}


@pytest.mark.parametrize("container", CONTAINERS.values(), ids=CONTAINERS)
def test_records_are_found_in_what_wraps_them(container):
    records = found(container)

    assert [record.request_id for record in records] == ["one", "other"]
    assert [texts(record) for record in records] == [["When do plums bloom?", "In March."]] * 2


def test_a_record_is_the_same_wrapped_or_not():
    (wrapped, _) = found(subscription(*MESSAGES))

    assert [wrapped] == found(ONE)


def test_records_of_one_entry_without_ids_are_told_apart():
    first, second = found([logged(requestId=None), logged(requestId=None)])

    assert first.identity != second.identity


def test_a_control_message_is_nothing_to_audit():
    control = {"messageType": "CONTROL_MESSAGE", "logEvents": [{"message": "CWL CONTROL MESSAGE: Checking health"}]}

    assert found(control) == [Skipped(Source("log.json", 1), "control-message")]


OTHERS = {
    "a CloudTrail event": {"eventVersion": "1.08", "eventName": "InvokeModel", "requestParameters": {"modelId": "m"}},
    "a request body": ASKED,
    "a response body": ANSWERED,
    "a streamed body": [{"type": "message_start"}, {"type": "message_stop"}],
    "a record of another kind": {"schemaType": "Other", "modelId": "m", "input": {}, "output": {}},
    "a job's summary": {"totalRecordCount": 3, "processedRecordCount": 3},
    "a log line": {"messageType": "DATA_MESSAGE", "logEvents": [{"message": "START RequestId: 1"}]},
    "a number": 7,
    "nothing": None,
    "an empty object": {},
    "an empty list": [],
}


@pytest.mark.parametrize("value", OTHERS.values(), ids=OTHERS)
def test_what_is_no_invocation_record_says_so(value):
    assert {item.reason for item in found(value) if isinstance(item, Unreadable)} == {"not-an-invocation-record"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"requestId":"one","input":{"inp', "truncated"),
        (b'{"requestId" "one"}', "not-json"),
        (b"[" * 200_000, "nested-too-deep"),
        (b'{"awslogs":{"data":"no base64!"}}', "not-json"),
        (
            json.dumps({"awslogs": {"data": base64.b64encode(b"\x1f\x8b" + b"plums" * 9).decode()}}).encode(),
            "gzip-corrupt",
        ),
        (json.dumps({"awslogs": {"data": packed("x" * 70_000_000)}}).encode(), "too-large"),
    ],
    ids=["cut", "no JSON", "too deep", "no base64", "damaged", "a bomb"],
)
def test_what_cannot_be_unwrapped_is_named(data, reason):
    (item,) = found(data)

    assert isinstance(item, Unreadable)
    assert (item.source, item.reason) == (Source("log.json", 1), reason)


def test_a_record_wrapped_again_and_again_is_somebodys_joke():
    value: Any = ONE
    for _ in range(20):
        value = [value]

    (item,) = found(value)

    assert isinstance(item, Unreadable)
    assert item.reason == "nested-too-deep"


def test_a_line_of_batch_inference_is_a_record():
    line = {"recordId": "CALL0000001", "modelInput": ASKED, "modelOutput": ANSWERED}

    (record,) = found(line)

    assert isinstance(record, InvocationRecord)
    assert (record.operation, record.request_id) == ("BatchInference", "CALL0000001")
    assert [(part.text, part.location) for part in record.parts] == [
        ("When do plums bloom?", "/modelInput/messages/0/content/0/text"),
        ("In March.", "/modelOutput/output/message/content/0/text"),
    ]


def test_a_failed_line_of_batch_inference_names_its_error():
    error = {"errorCode": 400, "errorMessage": "Too many tokens"}

    (record,) = found({"recordId": "r", "modelInput": ASKED, "error": error})

    assert isinstance(record, InvocationRecord)
    assert (record.error_code, record.output.state) == ("400", BodyState.FAILED_CALL)


def test_ids_that_every_batch_job_gives_do_not_make_its_lines_one():
    first, second = ({"recordId": "CALL0000001", "modelInput": {"inputText": text}} for text in ("plums", "pears"))

    assert found(first)[0].identity != found(second)[0].identity
