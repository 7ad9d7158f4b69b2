"""Every permission of every role, written down: one more or one less fails here."""

from __future__ import annotations

import pytest

from tests.infra.reading import path_of, raw, resources, statements
from tests.infra.synth import EXISTING_BUCKET, FROM_LOG_GROUP, VARIANTS, template

ANY = "*"
TRACES = {f"xray:{action} on {ANY}" for action in ("PutTelemetryRecords", "PutTraceSegments")}
READ = ("BatchGetItem", "GetItem", "Query")
USE_OF_KEY = ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext")
WRITE_TABLES = {f"kms:{use} on {{Key}} via dynamodb" for use in (*USE_OF_KEY, "ReEncryptFrom", "ReEncryptTo")}
READ_REGISTRY = {"dynamodb:Query on {Registry/UseCases}", "kms:Decrypt on {Key} via dynamodb"}
KEEP_FINDINGS = {f"dynamodb:{action} on {{Store/Findings}}" for action in ("GetItem", "PutItem")}
KEEP_LEDGER = {f"dynamodb:{action} on {{Store/Ledger}}" for action in (*READ, "PutItem", "UpdateItem")}
READ_LEDGER = {"dynamodb:GetItem on {Store/Ledger}"}


def own_log(place):
    return {f"logs:{action} on {{{place}/Logs}}" for action in ("CreateLogStream", "PutLogEvents")}


def works_off(queue):
    actions = ("DeleteMessage", "GetQueueAttributes", "ReceiveMessage")
    return {f"sqs:{action} on {{Intake/{queue}}}" for action in actions} | {"kms:Decrypt on {Key} via sqs"}


def sends_to(queue):
    keys = {f"kms:{action} on {{Key}} via sqs" for action in ("Decrypt", "GenerateDataKey")}
    return {f"sqs:SendMessage on {{Intake/{queue}}}"} | keys


def remembers(name):
    actions = ("DeleteParameter", "GetParameter", "PutParameter")
    place = "arn:{AWS::Partition}:ssm:{AWS::Region}:{AWS::AccountId}:parameter/bedrock-audit/BedrockAudit/"
    return {f"ssm:{action} on {place}{name}" for action in actions}


AUDITOR = (
    own_log("Auditor/AuditLogObject")
    | TRACES
    | works_off("Queue")
    | sends_to("Queue")
    | {"sqs:ChangeMessageVisibility on {Intake/Queue}"}
    | KEEP_FINDINGS
    | KEEP_LEDGER
    | READ_REGISTRY
    | WRITE_TABLES
)
RECORDER = (
    own_log("Auditor/RecordFailedObject")
    | TRACES
    | works_off("Failed")
    | sends_to("Parked")
    | KEEP_FINDINGS
    | READ_LEDGER
    | READ_REGISTRY
    | WRITE_TABLES
)
CONFIGURATOR = (
    own_log("Logging/ConfigureLogging")
    | TRACES
    | remembers("bedrock-logging")
    | {f"bedrock:{verb}ModelInvocationLoggingConfiguration on {ANY}" for verb in ("Delete", "Get", "Put")}
)
LANDER = (
    own_log("LogGroup/LandLogEvents")
    | TRACES
    | sends_to("Failed")
    | {"s3:PutObject on {Logs/Bucket}/AWSLogs/*"}
    | {f"kms:{action} on {{Key}} via s3" for action in ("Decrypt", "GenerateDataKey")}
)
READS_OWN_BUCKET = {
    "s3:GetObject on {Logs/Bucket}/AWSLogs/*",
    "s3:ListBucket on {Logs/Bucket}",
    "kms:Decrypt on {Key} via s3",
}
THEIR_KEY = EXISTING_BUCKET["log_bucket_key"]
READS_THEIR_BUCKET = {
    "s3:GetObject on arn:{AWS::Partition}:s3:::their-logs/AWSLogs/*",
    "s3:ListBucket on arn:{AWS::Partition}:s3:::their-logs",
    f"kms:Decrypt on {THEIR_KEY} via s3",
}
CHANGES_THEIR_BUCKET = {
    *(f"s3:{verb}BucketNotification on arn:{{AWS::Partition}}:s3:::their-logs" for verb in ("Get", "Put")),
    *remembers("bucket-events/their-logs"),
}


def permissions(made):
    """`action on resource via service` of every statement that is attached to a role, by the path of the role."""
    policies = resources(made, "AWS::IAM::Policy") | resources(made, "AWS::IAM::ManagedPolicy")
    return {path.removesuffix("/Role/DefaultPolicy"): set(_told(policy)) for path, policy in policies.items()}


def _told(policy):
    for statement in statements(policy["PolicyDocument"]):
        assert statement["Effect"] == "Allow"
        conditions = statement.get("Condition", {}).get("StringEquals", {})
        service = conditions.get("kms:ViaService", "").partition(".")[0]
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                yield f"{action} on {resource}" + (f" via {service}" if service else "")


@pytest.mark.parametrize(
    ("variant", "role", "expected"),
    [
        pytest.param({}, "Auditor/AuditLogObject", AUDITOR | READS_OWN_BUCKET, id="the auditor"),
        pytest.param({}, "Auditor/RecordFailedObject", RECORDER, id="the recorder"),
        pytest.param({}, "Logging/ConfigureLogging", CONFIGURATOR, id="the configurator"),
        pytest.param(
            EXISTING_BUCKET, "Auditor/AuditLogObject", AUDITOR | READS_THEIR_BUCKET, id="the auditor of their bucket"
        ),
        pytest.param(EXISTING_BUCKET, "Logging/ConfigureLogging", CONFIGURATOR, id="the configurator beside them"),
        pytest.param(
            EXISTING_BUCKET, "Logging/their-logs/MayChange", CHANGES_THEIR_BUCKET, id="the configurator of their bucket"
        ),
        pytest.param(FROM_LOG_GROUP, "LogGroup/LandLogEvents", LANDER, id="who lands log events"),
        pytest.param(
            FROM_LOG_GROUP, "Auditor/AuditLogObject", AUDITOR | READS_OWN_BUCKET, id="the auditor of landed events"
        ),
    ],
)
def test_a_role_may_do_exactly_this(variant, role, expected):
    assert permissions(template(**variant))[role] == expected


def test_every_role_is_written_down_here_or_with_the_alerts():
    """A new role fails until somebody has written down what it may do."""
    roles = set().union(*(permissions(template(**variant)) for variant in VARIANTS.values()))

    assert roles == {
        *("Auditor/AuditLogObject", "Auditor/RecordFailedObject", "LogGroup/LandLogEvents", "Analysts/ReadOnly"),
        *("Analysts/Deciding", "Logging/ConfigureLogging", "Logging/their-logs/MayChange", "Reviews/RecordReview"),
        *("Sender/AlertOnFinding", "Sender/Webhooks/PostToWebhook", "Rounds/SendDigest", "Rounds/KeepWatch"),
    }


def test_what_bodies_beside_a_log_group_need_is_granted_for_their_bucket_alone():
    more = permissions(template(**FROM_LOG_GROUP, large_data_bucket="large"))["Auditor/AuditLogObject"]

    assert more - AUDITOR - READS_OWN_BUCKET == {
        "s3:GetObject on arn:{AWS::Partition}:s3:::large/*",
        "s3:ListBucket on arn:{AWS::Partition}:s3:::large",
    }


def test_a_role_is_passed_only_if_it_was_named():
    role = "arn:aws:iam::123456789012:role/bedrock-to-cloudwatch"

    more = permissions(template(logging_role=role))["Logging/ConfigureLogging"]

    assert more - CONFIGURATOR == {f"iam:PassRole on {role}"}


def test_a_bucket_can_be_released_after_another_was_named():
    """CloudFormation deletes what a template no longer has at the end of an update: what it needs goes last."""
    one, other = template(**EXISTING_BUCKET), template(log_bucket="other-logs")

    for made in (one, other):
        (events,) = raw(made, "Custom::BucketEvents").values()
        assert any("MayChange" in name for name in events["DependsOn"])
        assert any("ConfigureLogging" in name for name in events["DependsOn"])
    named_after_it = {"Logging/their-logs/BucketEvents", "Logging/their-logs/MayChange"}
    gone = {path_of(one, name) for name in one["Resources"] if name not in other["Resources"]}
    assert gone == named_after_it


def test_who_does_not_configure_logging_may_not():
    assert "Logging/ConfigureLogging" not in permissions(template(configure_logging=False))


def test_analysts_read_findings_and_never_a_prompt():
    may = permissions(template())["Analysts/ReadOnly"]

    actions = {permission.partition(" on ")[0] for permission in may}
    tables = {permission.partition(" on ")[2] for permission in may if permission.startswith("dynamodb:Query")}
    assert all(table.startswith(("{Store/", "{Registry/")) for table in tables)
    assert actions == {*(f"dynamodb:{action}" for action in READ), "kms:Decrypt", "cloudformation:DescribeStacks"}
    assert not any("Logs/Bucket" in permission for permission in may)


def test_who_decides_adds_and_changes_and_deletes_nothing():
    may = permissions(template())["Analysts/Deciding"]

    tables = ("Store/Findings", "Store/Ledger", "Registry/UseCases")
    assert may == {f"dynamodb:PutItem on {{{table}}}" for table in tables} | WRITE_TABLES


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_nothing_is_allowed_on_everything_that_has_a_name(variant):
    without_names = ("xray:", "bedrock:", "dynamodb:ListStreams", "cloudwatch:GetMetricData")
    for role, may in permissions(template(**variant)).items():
        wide = {one for one in may if one.endswith(" on *") and not one.startswith(without_names)}
        assert wide == set(), role
        assert not any("*" in permission.partition(" on ")[0] for permission in may), role


def test_roles_are_only_for_the_services_that_take_them():
    for path, role in resources(template(), "AWS::IAM::Role").items():
        (trusted,) = statements(role["AssumeRolePolicyDocument"])
        assert trusted["Principal"] == {"Service": "lambda.amazonaws.com"}, path
        assert "ManagedPolicyArns" not in role
