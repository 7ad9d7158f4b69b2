from __future__ import annotations

from tests.infra.reading import resources
from tests.infra.synth import template
from tests.infra.test_permissions import TRACES, WRITE_TABLES, own_log, permissions


def test_an_applications_event_about_a_review_waits_to_be_recorded():
    rule = resources(template(), "AWS::Events::Rule")["Reviews/OnReview"]

    (target,) = rule["Targets"]
    assert rule["EventPattern"] == {"account": ["{AWS::AccountId}"], "detail-type": ["Bedrock Use Reviewed"]}
    assert (target["Arn"], target["DeadLetterConfig"]) == ("{Reviews/Told}", {"Arn": "{Reviews/Refused}"})


def test_an_event_that_tells_of_no_review_is_kept():
    made = template()

    queues = resources(made, "AWS::SQS::Queue")
    source = resources(made, "AWS::Lambda::EventSourceMapping")["Reviews/RecordReview/Function/Source"]
    assert queues["Reviews/Told"]["RedrivePolicy"] == {"deadLetterTargetArn": "{Reviews/Refused}", "maxReceiveCount": 5}
    assert "RedrivePolicy" not in queues["Reviews/Refused"]
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_who_records_reviews_can_do_nothing_else():
    takes = {
        f"sqs:{action} on {{Reviews/Told}}" for action in ("DeleteMessage", "GetQueueAttributes", "ReceiveMessage")
    }

    assert permissions(template())["Reviews/RecordReview"] == (
        own_log("Reviews/RecordReview")
        | TRACES
        | takes
        | {"kms:Decrypt on {Key} via sqs", "dynamodb:PutItem on {Store/Ledger}"}
        | WRITE_TABLES
    )


def test_a_review_is_hidden_long_enough_for_its_run():
    made = template()

    function = resources(made, "AWS::Lambda::Function")["Reviews/RecordReview/Function"]
    assert resources(made, "AWS::SQS::Queue")["Reviews/Told"]["VisibilityTimeout"] >= 6 * function["Timeout"]
