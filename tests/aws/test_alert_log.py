"""The alert log on moto's DynamoDB: noted once, counted once, whoever comes first."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from moto import mock_aws

from bedrock_audit.aws.alert_log import DynamoAlertLog
from tests.builders import NOON

HOUR = "2026-11-23T12"


@pytest.fixture
def log(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        client.create_table(
            TableName="ledger",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        yield DynamoAlertLog(client, table="ledger", sleep=lambda _seconds: None)


def test_what_was_said_is_remembered_and_counted_once(log):
    for _ in range(3):
        log.said("v-1#new#mail", hour=HOUR, at=NOON)
    log.said("v-2#new#mail", hour=HOUR, at=NOON)

    assert log.was_said("v-1#new#mail")
    assert not log.was_said("v-3#new#mail")
    assert log.pages_in(HOUR) == 2


def test_every_hour_has_its_own_count(log):
    log.said("v-1#new#mail", hour=HOUR, at=NOON)
    log.said("v-2#new#mail", hour="2026-11-23T13", at=NOON + timedelta(hours=1))

    assert [log.pages_in(hour) for hour in (HOUR, "2026-11-23T13", "2026-11-23T14")] == [1, 1, 0]
