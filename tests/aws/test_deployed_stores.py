"""A deployed stack's stores, found by the stack's name."""

from __future__ import annotations

import json
from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from bedrock_audit.aws import open_deployed_stores
from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.finding import Status
from bedrock_audit.lifecycle import Transition
from tests.stores.places import dynamodb, made_tables
from tests.stores.sightings import minutes, seen

REGION = "eu-central-1"
A = seen().finding.id


@pytest.fixture
def tables():
    with mock_aws():
        yield made_tables(dynamodb())


def deployed(**outputs):
    """A stack that says so much of itself; moto wants a resource in it."""
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {name: {"Value": value} for name, value in outputs.items()},
    }
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    cloudformation.create_stack(StackName="BedrockAudit", TemplateBody=json.dumps(template))


def whole(tables, **more):
    others = {"Region": REGION, "LogBucket": "logs", "Queue": "q", "ParkedQueue": "p", "AlertTopic": "t"}
    names = {"FindingsTable": tables.findings, "UseCasesTable": tables.use_cases, "LedgerTable": tables.ledger}
    return {**others, **names, **more}


def opened():
    return open_deployed_stores(stack="BedrockAudit", profile=None, region=REGION)


def test_findings_that_the_stack_stored_are_decided_on_from_the_command_line(tables):
    deployed(**whole(tables, FindingDays="100"))
    dynamodb_stores(dynamodb(), tables).findings.record(seen())

    with opened() as stores:
        resolution = Transition(to=Status.RESOLVED, actor="ann", at=minutes(60), reason="mended")
        stores.findings.change(A, resolution, expected_version=0)

    key = {"pk": {"S": A}, "sk": {"S": "finding"}}
    item = dynamodb().get_item(TableName=tables.findings, Key=key)["Item"]
    assert item["status"]["S"] == "resolved"
    assert int(item["expires"]["N"]) == int((minutes(60) + timedelta(days=100)).timestamp())


def test_a_stack_that_keeps_findings_for_ever_sets_no_end(tables):
    deployed(**whole(tables))

    with opened() as stores:
        stores.findings.record(seen())
        resolution = Transition(to=Status.RESOLVED, actor="ann", at=minutes(60), reason="mended")
        stores.findings.change(A, resolution, expected_version=0)

    key = {"pk": {"S": A}, "sk": {"S": "finding"}}
    assert "expires" not in dynamodb().get_item(TableName=tables.findings, Key=key)["Item"]


def test_a_stack_that_is_not_there_is_named(tables):
    with pytest.raises(ConfigurationError, match="stack BedrockAudit in eu-central-1"):
        opened()


def test_another_stack_is_not_taken_for_ours(tables):
    deployed(Something="else")

    with pytest.raises(ConfigurationError, match="is not one of bedrock-audit"):
        opened()
