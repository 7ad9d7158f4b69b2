from __future__ import annotations

import json
import re

import msgspec
import pytest

from bedrock_audit.aws import tables
from bedrock_audit.aws.deployment import Deployment
from tests.infra.reading import as_list, plain, raw, resources, statements
from tests.infra.synth import EXISTING_BUCKET, FROM_LOG_GROUP, VARIANTS, template

KEY = "{Key}"


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_whatever_holds_data_is_encrypted_with_the_customer_key(variant):
    made = template(**variant)

    queues = [queue["KmsMasterKeyId"] for queue in resources(made, "AWS::SQS::Queue").values()]
    topics = [topic["KmsMasterKeyId"] for topic in resources(made, "AWS::SNS::Topic").values()]
    tables = [table["SSESpecification"] for table in resources(made, "AWS::DynamoDB::Table").values()]
    groups = [group["KmsKeyId"] for group in resources(made, "AWS::Logs::LogGroup").values()]
    functions = [function["KmsKeyArn"] for function in resources(made, "AWS::Lambda::Function").values()]
    assert {*queues, *topics, *groups, *functions} == {KEY}
    assert all(table == {"KMSMasterKeyId": KEY, "SSEEnabled": True, "SSEType": "KMS"} for table in tables)
    assert len(tables) == 3


def test_the_log_bucket_is_encrypted_and_closed():
    bucket = resources(template(), "AWS::S3::Bucket")["Logs/Bucket"]

    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["LoggingConfiguration"] == {"DestinationBucketName": "{Logs/AccessLogs}"}


def test_logs_are_kept_as_long_as_set_and_no_longer():
    bucket = resources(template(log_retention_days=30), "AWS::S3::Bucket")["Logs/Bucket"]

    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 30
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("kind", ["S3::Bucket", "SQS::Queue", "SNS::Topic"])
def test_what_is_sent_without_tls_is_refused(kind, variant):
    made = template(**variant)
    policies = resources(made, f"AWS::{kind.split('::')[0]}::{kind.split('::')[1]}Policy")

    places = {path for path in resources(made, f"AWS::{kind}") if not path.endswith("Policy")}
    refused = {
        as_list(policy.get("Bucket") or policy.get("Queues") or policy.get("Topics"))[0].strip("{}")
        for policy in policies.values()
        for statement in statements(policy["PolicyDocument"])
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert refused == places


def test_bedrock_may_write_the_logs_of_this_account_and_nothing_else():
    policy = resources(template(log_prefix="audit"), "AWS::S3::BucketPolicy")["Logs/Bucket/Policy"]

    (allowed,) = [one for one in statements(policy["PolicyDocument"]) if one["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert allowed["Action"] == ["s3:PutObject"]
    assert allowed["Resource"] == ["{Logs/Bucket}/audit/AWSLogs/{AWS::AccountId}/BedrockModelInvocationLogs/*"]
    assert allowed["Condition"]["StringEquals"] == {"aws:SourceAccount": "{AWS::AccountId}"}


def test_tables_are_built_as_the_engine_defines_them():
    made = resources(template(), "AWS::DynamoDB::Table")

    for path, definition in zip(("Store/Findings", "Registry/UseCases", "Store/Ledger"), tables.TABLES, strict=True):
        indexes = {index["IndexName"] for index in made[path].get("GlobalSecondaryIndexes", [])}
        assert indexes == {index.name for index in definition.indexes}
        assert ("StreamSpecification" in made[path]) is definition.streams
        assert made[path]["TimeToLiveSpecification"] == {"AttributeName": tables.EXPIRES, "Enabled": True}


def test_tables_outlive_mistakes():
    for table in resources(template(), "AWS::DynamoDB::Table").values():
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_what_was_collected_stays_when_the_stack_goes():
    made = template()
    kinds = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")

    kept = {path for kind in kinds for path, one in raw(made, kind).items() if one.get("DeletionPolicy") == "Retain"}

    assert kept == {*("Store/Findings", "Store/Ledger", "Registry/UseCases", "Logs/Bucket", "Logs/AccessLogs", "Key")}


def test_protection_can_be_switched_off():
    tables = resources(template(deletion_protection=False), "AWS::DynamoDB::Table")

    assert {table["DeletionProtectionEnabled"] for table in tables.values()} == {False}


def test_functions_run_python_313_on_arm_with_traces_and_logs_that_end():
    made = template(function_log_retention_days=30, **FROM_LOG_GROUP)

    for function in resources(made, "AWS::Lambda::Function").values():
        assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["LoggingConfig"]["LogFormat"] == "JSON"
    assert {group["RetentionInDays"] for group in resources(made, "AWS::Logs::LogGroup").values()} == {30}


def test_the_auditor_takes_what_is_set():
    made = template(concurrency=7, memory_mb=3008, timeout_seconds=600)

    auditor = resources(made, "AWS::Lambda::Function")["Auditor/AuditLogObject/Function"]
    source = resources(made, "AWS::Lambda::EventSourceMapping")["Auditor/AuditLogObject/Function/Source"]
    queue = resources(made, "AWS::SQS::Queue")["Intake/Queue"]
    assert (auditor["ReservedConcurrentExecutions"], auditor["MemorySize"], auditor["Timeout"]) == (7, 3008, 600)
    assert source["ScalingConfig"] == {"MaximumConcurrency": 7}
    assert queue["VisibilityTimeout"] == 6 * 600


def test_no_concurrency_need_be_reserved():
    made = template(concurrency=0)

    auditor = resources(made, "AWS::Lambda::Function")["Auditor/AuditLogObject/Function"]
    assert "ReservedConcurrentExecutions" not in auditor


def test_messages_of_a_batch_fail_one_by_one():
    for source in resources(template(), "AWS::Lambda::EventSourceMapping").values():
        if "{Intake" in str(source["EventSourceArn"]):
            assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_an_object_that_cannot_be_audited_travels_on_to_where_it_is_parked():
    queues = resources(template(), "AWS::SQS::Queue")

    assert queues["Intake/Queue"]["RedrivePolicy"] == {"deadLetterTargetArn": "{Intake/Failed}", "maxReceiveCount": 5}
    assert queues["Intake/Failed"]["RedrivePolicy"] == {
        "deadLetterTargetArn": "{Intake/Parked}",
        "maxReceiveCount": 100,
    }
    assert {queue["MessageRetentionPeriod"] for queue in queues.values()} == {14 * 86400}


def test_events_that_cannot_be_queued_are_not_lost():
    rule = resources(template(), "AWS::Events::Rule")["Intake/OnLogObject"]

    (target,) = rule["Targets"]
    assert (target["Arn"], target["DeadLetterConfig"]) == ("{Intake/Queue}", {"Arn": "{Intake/Failed}"})


def test_an_existing_bucket_is_neither_made_nor_changed_by_the_template():
    made = template(**EXISTING_BUCKET)

    assert resources(made, "AWS::S3::Bucket") == {}
    assert resources(made, "AWS::S3::BucketPolicy") == {}
    assert resources(made, "Custom::BucketEvents")["Logging/their-logs/BucketEvents"]["Bucket"] == "their-logs"


def test_bedrock_is_told_where_to_log_once_it_may_write_there():
    made = template()

    (resource,) = raw(made, "Custom::BedrockLogging").values()
    assert plain(made, resource["Properties"])["Bucket"] == "{Logs/Bucket}"
    assert any("LogsBucketPolicy" in name for name in resource["DependsOn"])


def test_logging_can_be_left_to_others():
    assert resources(template(configure_logging=False), "Custom::BedrockLogging") == {}


def test_a_log_group_is_subscribed_whole():
    made = template(**FROM_LOG_GROUP)

    (subscription,) = resources(made, "AWS::Logs::SubscriptionFilter").values()
    permission = resources(made, "AWS::Lambda::Permission")["LogGroup/LandLogEvents/Function/LogGroup"]
    assert (subscription["LogGroupName"], subscription["FilterPattern"]) == ("bedrock/all", "")
    assert subscription["DestinationArn"] == permission["FunctionName"] == "{LogGroup/LandLogEvents/Function}"
    assert permission["Principal"] == "logs.amazonaws.com"
    assert permission["SourceArn"].endswith(":log-group:bedrock/all:*")


def test_tags_reach_whatever_can_be_tagged():
    made = template(tags={"team": "ai"})

    for kind in (
        "AWS::DynamoDB::Table",
        "AWS::S3::Bucket",
        "AWS::SQS::Queue",
        "AWS::Lambda::Function",
        "AWS::KMS::Key",
    ):
        assert all({"Key": "team", "Value": "ai"} in one["Tags"] for one in resources(made, kind).values()), kind


def test_the_template_names_neither_account_nor_region():
    text = json.dumps(template())

    assert re.findall(r"\b\d{12}\b|(?:us|eu|ap)-[a-z]+-\d", text) == []


def test_the_command_line_finds_its_way_by_the_outputs():
    made = template(log_prefix="audit")

    outputs = {name: f"{plain(made, output['Value'])}" for name, output in made["Outputs"].items()}

    found = msgspec.convert(outputs, Deployment)
    assert (found.findings_table, found.queue, found.log_prefix) == ("{Store/Findings}", "{Intake/Queue}", "audit/")


def test_every_output_says_what_it_is_for():
    outputs = template(athena=True)["Outputs"]

    assert [name for name, output in outputs.items() if not output.get("Description")] == []


def test_the_log_can_be_asked_by_athena_where_bedrock_puts_it():
    made = template(athena=True, log_prefix="audit", stack_name="My-Audit")

    (table,) = resources(made, "AWS::Glue::Table").values()
    place = table["TableInput"]["Parameters"]["storage.location.template"]
    assert place == "s3://{Logs/Bucket}/audit/AWSLogs/${owner}/BedrockModelInvocationLogs/${place}/${hour}"
    assert made["Outputs"]["AthenaTable"]["Value"] == "my_audit.invocations"


def test_nobody_gets_a_table_over_prompts_who_did_not_ask_for_it():
    assert resources(template(), "AWS::Glue::Table") == {}
