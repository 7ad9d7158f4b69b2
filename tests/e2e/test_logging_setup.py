"""What a deployment finds in an account is kept, used, and as before when the stack is gone."""

from __future__ import annotations

import json
import time

import pytest

from tests.e2e.assembly import DeploymentError, deploy
from tests.e2e.emulator import ACCOUNT, REGION, running
from tests.e2e.pipeline import Pipeline, until
from tests.log_lines import HARMLESS, LENDING, line

THEIRS = "their-logs"
FLAGS = {f"{kind}DataDeliveryEnabled": True for kind in ("text", "image", "embedding", "video", "audio")}
STREAM = "aws/bedrock/modelinvocations"


@pytest.fixture
def account():
    """An account of its own, for it has one logging configuration."""
    with running() as emulator:
        yield emulator


def logging_of(emulator):
    return emulator.client("bedrock").get_model_invocation_logging_configuration().get("loggingConfig")


def notifications_of(emulator, bucket):
    found = emulator.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    return {name: part for name, part in found.items() if name != "ResponseMetadata"}


def allowing(service, action, resource=None):
    """A policy that lets a service do one thing."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action}
    return json.dumps({"Statement": [{**statement, "Resource": resource} if resource else statement]})


@pytest.fixture
def bucket_in_use(account):
    """A bucket that Bedrock logs to without pictures, and that tells a queue of what is deleted."""
    s3, sqs = account.client("s3"), account.client("sqs")
    s3.create_bucket(Bucket=THEIRS)
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:theirs"
    sqs.create_queue(QueueName="theirs", Attributes={"Policy": allowing("s3.amazonaws.com", "sqs:SendMessage", queue)})
    wanted = {"QueueConfigurations": [{"Id": "theirs", "QueueArn": queue, "Events": ["s3:ObjectRemoved:*"]}]}
    s3.put_bucket_notification_configuration(Bucket=THEIRS, NotificationConfiguration=wanted)
    found = {"s3Config": {"bucketName": THEIRS}, "textDataDeliveryEnabled": True, "imageDataDeliveryEnabled": False}
    account.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=found)
    return account


def test_a_bucket_in_use_is_audited_and_left_as_it_was(bucket_in_use, tmp_path):
    account, found = bucket_in_use, (logging_of(bucket_in_use), notifications_of(bucket_in_use, THEIRS))

    pipeline = Pipeline(deploy(account, tmp_path, log_bucket=THEIRS, athena=True), bucket=THEIRS)

    table = account.client("glue").get_table(DatabaseName="bedrockaudit", Name="invocations")["Table"]
    assert table["StorageDescriptor"]["Location"] == f"s3://{THEIRS}/AWSLogs/"
    assert logging_of(account) == {"s3Config": {"bucketName": THEIRS}, **FLAGS}
    assert notifications_of(account, THEIRS) == {**found[1], "EventBridgeConfiguration": {}}
    pipeline.put("first", line(LENDING, role="in-their-bucket"))
    until(lambda: pipeline.about("in-their-bucket"))
    pipeline.deployed.destroyed()
    assert (logging_of(account), notifications_of(account, THEIRS)) == found
    assert account.client("s3").list_objects_v2(Bucket=THEIRS)["KeyCount"] == 1


def test_a_bucket_is_let_go_when_another_is_named(account, tmp_path):
    s3 = account.client("s3")
    for name in ("one-bucket", "other-bucket"):
        s3.create_bucket(Bucket=name)
    deploy(account, tmp_path / "one", log_bucket="one-bucket")

    deployed = deploy(account, tmp_path / "other", log_bucket="other-bucket")

    assert logging_of(account) == {"s3Config": {"bucketName": "other-bucket"}, **FLAGS}
    switched = {name: notifications_of(account, name) for name in ("one-bucket", "other-bucket")}
    assert switched == {"one-bucket": {}, "other-bucket": {"EventBridgeConfiguration": {}}}
    deployed.destroyed()
    assert (logging_of(account), notifications_of(account, "other-bucket")) == (None, {})


def test_a_deployment_that_would_overwrite_says_what_to_set_and_changes_nothing(bucket_in_use, tmp_path):
    found = logging_of(bucket_in_use)

    with pytest.raises(DeploymentError, match=f"bedrock-audit:log-bucket={THEIRS}"):
        deploy(bucket_in_use, tmp_path)

    assert logging_of(bucket_in_use) == found


def test_what_somebody_configured_after_the_deployment_stays(account, tmp_path):
    deployed = deploy(account, tmp_path)
    theirs = {"s3Config": {"bucketName": "newer"}, **FLAGS}
    account.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=theirs)

    deployed.destroyed()

    assert logging_of(account) == theirs


def test_what_was_collected_outlives_the_stack_and_logging_stops(account, tmp_path):
    pipeline = Pipeline(deploy(account, tmp_path))
    uri = pipeline.put("first", line(LENDING, role="first"))
    until(lambda: pipeline.about("first"))
    pipeline.audited(uri)

    events = pipeline.deployed.destroyed()

    kept = {event["ResourceType"] for event in events if event["ResourceStatus"] == "DELETE_SKIPPED"}
    assert kept >= {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key"}
    assert pipeline.about("first").occurrences == 1
    assert account.client("s3").get_object(Bucket=uri.split("/")[2], Key=uri.split("/", 3)[3])["ContentLength"] > 0
    assert logging_of(account) is None
    assert account.client("lambda").list_functions()["Functions"] == []
    assert account.client("ssm").describe_parameters()["Parameters"][0]["Name"].startswith("/cdk-bootstrap/")


def send(account, *messages):
    """Let Bedrock write to the log group."""
    events = [{"timestamp": int(time.time() * 1000) + number, "message": text} for number, text in enumerate(messages)]
    account.client("logs").put_log_events(logGroupName="bedrock/all", logStreamName=STREAM, logEvents=events)


@pytest.fixture
def log_group_in_use(account):
    """An account that logs to a log group alone."""
    logs, iam = account.client("logs"), account.client("iam")
    logs.create_log_group(logGroupName="bedrock/all")
    logs.create_log_stream(logGroupName="bedrock/all", logStreamName=STREAM)
    trust = {
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]
    }
    role = iam.create_role(RoleName="to-cloudwatch", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    found = {"cloudWatchConfig": {"logGroupName": "bedrock/all", "roleArn": role}, **FLAGS}
    account.client("bedrock").put_model_invocation_logging_configuration(loggingConfig=found)
    return account


def test_a_log_group_is_audited_like_a_bucket(log_group_in_use, tmp_path):
    account, found = log_group_in_use, logging_of(log_group_in_use)

    pipeline = Pipeline(deploy(account, tmp_path, log_source="cloudwatch", log_group="bedrock/all"))
    send(account, line(LENDING, request_id="c1", role="in-log-group"), line(HARMLESS, request_id="c2"))

    finding = until(lambda: pipeline.about("in-log-group"))
    (occurrence,) = pipeline.stores.findings.occurrences(finding.id)
    assert (occurrence.object.startswith(f"s3://{pipeline.bucket}/AWSLogs/"), occurrence.line) == (True, 1)
    assert pipeline.audited(occurrence.object).coverage.records == 2
    pipeline.deployed.destroyed()
    assert account.client("logs").describe_subscription_filters(logGroupName="bedrock/all")["subscriptionFilters"] == []
    assert logging_of(account) == found


def test_a_body_that_was_too_long_for_the_log_group_is_a_gap_and_not_silence(log_group_in_use, tmp_path):
    """Over 100 KB and without a bucket for large data Bedrock drops the body and says nothing; the tokens tell."""
    pipeline = Pipeline(deploy(log_group_in_use, tmp_path, log_source="cloudwatch", log_group="bedrock/all"))
    record = line(
        LENDING, role="long-prompts", input={"inputContentType": "application/json", "inputTokenCount": 31814}
    )

    send(log_group_in_use, record)

    gap = until(lambda: next((one for one in pipeline.findings() if one.clause == "coverage"), None))
    assert gap.principal.endswith("role/long-prompts")
    assert sum(row.coverage.records for row in pipeline.stores.ledger.rows()) == 1
