"""Guardrail traces: what intervened are facts, the hidden answer is read, matched secrets never leave the reader."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from bedrock_audit.record import Direction, Guardrail, InvocationRecord, PartKind, Role
from tests.normalise.logged import ANSWERED, INPUT, read, texts

SECRET = "4111 1111 1111 1111"
ASSESSMENT = {
    "topicPolicy": {"topics": [{"name": "Orchard gossip", "type": "DENY", "action": "BLOCKED"}]},
    "contentPolicy": {"filters": [{"type": "INSULTS", "confidence": "HIGH", "action": "BLOCKED"}]},
    "wordPolicy": {
        "customWords": [{"match": SECRET, "action": "BLOCKED"}],
        "managedWordLists": [{"match": SECRET, "type": "PROFANITY", "action": "BLOCKED"}],
    },
    "sensitiveInformationPolicy": {
        "piiEntities": [{"type": "CREDIT_DEBIT_CARD_NUMBER", "match": SECRET, "action": "ANONYMIZED"}],
        "regexes": [{"name": "tree number", "match": SECRET, "regex": r"\d+", "action": "BLOCKED"}],
    },
    "contextualGroundingPolicy": {
        "filters": [
            {"type": "GROUNDING", "score": 0.1, "threshold": 0.5, "action": "BLOCKED"},
            {"type": "RELEVANCE", "score": 0.9, "threshold": 0.5, "action": "NONE"},
        ]
    },
    "invocationMetrics": {"guardrailProcessingLatency": 250},
}
POLICIES = (
    "content:INSULTS",
    "grounding:GROUNDING",
    "pii:CREDIT_DEBIT_CARD_NUMBER",
    "regex:tree number",
    "topic:Orchard gossip",
    "word",
    "word:PROFANITY",
)

TRACES = {
    "Converse's input": {"inputAssessment": {"g1": ASSESSMENT}},
    "Converse's output, as logged: a list of maps": {"outputAssessments": [{"g1": ASSESSMENT}]},
    "Converse's output, as the API has it: a map of lists": {"outputAssessments": {"g1": [ASSESSMENT]}},
    "InvokeModel's input": {"input": {"g1": ASSESSMENT}},
    "InvokeModel's output": {"outputs": [{"g1": ASSESSMENT}]},
}


def converse(trace: dict[str, Any], **more: Any) -> InvocationRecord:
    return read(output={"outputBodyJson": {**ANSWERED, "trace": {"guardrail": trace}, **more}})


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_policies_are_named_whatever_form_the_trace_has(trace):
    record = converse({**trace, "actionReason": "Guardrail blocked."}, stopReason="guardrail_intervened")

    assert record.guardrail == Guardrail(True, ("g1",), POLICIES, "Guardrail blocked.")


@pytest.mark.parametrize("trace", TRACES.values(), ids=TRACES)
def test_matched_secrets_never_leave_the_reader(trace):
    record = converse(trace)

    assert SECRET not in msgspec.json.encode(record).decode()


def test_a_trace_in_a_native_body_is_read_and_no_text():
    answer = {
        "type": "message",
        "content": [{"type": "text", "text": "I may not."}],
        "amazon-bedrock-guardrailAction": "INTERVENED",
        "amazon-bedrock-trace": {"guardrail": TRACES["InvokeModel's input"]},
    }

    record = read(output={"outputBodyJson": answer})

    assert record.guardrail == Guardrail(True, ("g1",), POLICIES)
    assert texts(record) == ["When do plums bloom?", "I may not."]


def test_an_intervention_in_any_chunk_counts():
    chunks = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "No."}},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": " Never."},
            "amazon-bedrock-guardrailAction": "INTERVENED",
        },
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}},
    ]

    record = read(output={"outputBodyJson": chunks})

    assert record.guardrail == Guardrail(intervened=True)
    assert (record.stop_reason, texts(record)[-1]) == ("end_turn", "No. Never.")


def test_a_guardrail_that_only_watches_did_not_intervene():
    watched = {"topicPolicy": {"topics": [{"name": "Gossip", "type": "DENY", "action": "NONE", "detected": True}]}}

    record = converse({"inputAssessment": {"g1": watched}})

    assert record.guardrail == Guardrail(False, ("g1",), ("topic:Gossip",))


def test_a_stop_reason_is_enough_to_know_of_an_intervention():
    record = read(output={"outputBodyJson": {**ANSWERED, "stopReason": "guardrail_intervened"}})

    assert record.guardrail == Guardrail(intervened=True)


def test_a_guardrail_that_was_asked_for_is_known_though_it_left_no_trace():
    asked = {**INPUT["inputBodyJson"], "guardrailConfig": {"guardrailIdentifier": "g7", "guardrailVersion": "1"}}

    assert read(input={"inputBodyJson": asked}).guardrail == Guardrail(False, ("g7",))


HIDDEN = "The password is plum."


@pytest.mark.parametrize(
    ("output", "location"),
    [
        (json.dumps(ANSWERED).replace("In March.", HIDDEN), "/output/message/content/0/text"),
        (json.dumps({"type": "message", "content": [{"type": "text", "text": HIDDEN}]}), "/content/0/text"),
        (json.dumps({"results": [{"outputText": HIDDEN}]}), "/results/0/outputText"),
        (HIDDEN, ""),
    ],
    ids=["converse", "messages", "titan", "bare text"],
)
def test_the_answer_a_guardrail_hid_is_read(output, location):
    record = converse({"modelOutput": [output]})

    (hidden,) = [part for part in record.parts if part.kind is PartKind.GUARDRAIL_ORIGINAL]
    assert (hidden.text, hidden.role, hidden.direction, hidden.turn) == (HIDDEN, Role.ASSISTANT, Direction.OUTPUT, 1)
    assert hidden.location == f"/output/outputBodyJson/trace/guardrail/modelOutput/0{location}"


@pytest.mark.parametrize("odd", [None, 3, "text", [], [None], {"g1": "text"}, [[{}]]], ids=repr)
@pytest.mark.parametrize("key", ["inputAssessment", "outputAssessments", "modelOutput", "actionReason"])
def test_a_trace_of_another_form_does_no_harm(key, odd):
    record = converse({key: odd})

    assert texts(record)[:2] == ["When do plums bloom?", "In March."]


def test_what_automated_reasoning_understood_is_an_echo():
    premise = {"logic": "(= ripe true)", "naturalLanguage": "The plum is ripe."}
    finding = {"valid": {"translation": {"premises": [premise], "untranslatedClaims": [{"text": "Pick it today."}]}}}
    assessment = {"automatedReasoningPolicy": {"findings": [finding]}}

    record = converse({"outputAssessments": [{"g-1": [assessment]}]})

    said = [(part.text, part.is_echo, part.role) for part in record.parts if "Assessment" in part.location]
    assert said == [("The plum is ripe.", True, Role.UNKNOWN), ("Pick it today.", True, Role.UNKNOWN)]
    assert record.guardrail is not None
    assert record.guardrail.policies == ("reasoning",)
