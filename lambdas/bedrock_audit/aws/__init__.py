"""The ports on AWS: log objects in S3, stores in DynamoDB; the only part of the engine that knows boto3."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import boto3

    from bedrock_audit.aws.alert_probe import DeployedAlerting
    from bedrock_audit.aws.deployed_intake import DeployedIntake
    from bedrock_audit.aws.tables import TableNames
    from bedrock_audit.normalise.bodies import Bodies
    from bedrock_audit.ports import LogObjects, Stores


def open_bucket_logs(path: str, *, profile: str | None, region: str | None) -> tuple[LogObjects, Bodies]:
    """The log objects of the bucket that `path` (`s3://bucket/prefix`) names, and the bodies offloaded to it."""
    from bedrock_audit.aws.clients import PATIENT, session
    from bedrock_audit.aws.log_objects import S3Logs, s3_place
    from bedrock_audit.aws.offloaded_bodies import S3Bodies

    bucket = s3_place(path).bucket
    s3 = session(profile=profile, region=region).client("s3", config=PATIENT)
    return S3Logs(s3), S3Bodies(s3, places=(f"s3://{bucket}/",))


def open_stores(tables: TableNames, session: boto3.Session, *, retention: timedelta | None = None) -> Stores:
    """The stores in these tables of the session's account and Region; what may expire does so after `retention`."""
    import msgspec

    from bedrock_audit.aws.clients import PATIENT
    from bedrock_audit.aws.dynamodb import dynamodb_stores

    client = session.client("dynamodb", config=PATIENT)
    return msgspec.structs.replace(dynamodb_stores(client, tables, retention=retention), close=client.close)


def open_deployed_stores(*, stack: str, profile: str | None, region: str | None) -> Stores:
    """The stores of a deployed stack; raises ConfigurationError if it is not there or must not be read."""
    from bedrock_audit.aws.clients import session
    from bedrock_audit.aws.deployment import deployment
    from bedrock_audit.aws.tables import TableNames

    signed_in = session(profile=profile, region=region)
    found = deployment(signed_in.client("cloudformation"), stack)
    tables = TableNames(findings=found.findings_table, use_cases=found.use_cases_table, ledger=found.ledger_table)
    retention = timedelta(days=int(found.finding_days)) if found.finding_days else None
    return open_stores(tables, signed_in, retention=retention)


def open_intake(*, stack: str, profile: str | None, region: str | None) -> DeployedIntake:
    """The intake of a deployed stack; raises ConfigurationError if it is not there or must not be read."""
    from bedrock_audit.aws.clients import session
    from bedrock_audit.aws.deployed_intake import deployed_intake
    from bedrock_audit.aws.deployment import deployment

    signed_in = session(profile=profile, region=region)
    return deployed_intake(signed_in, deployment(signed_in.client("cloudformation"), stack))


def open_alerting(*, stack: str, profile: str | None, region: str | None) -> DeployedAlerting:
    """The alerting of a deployed stack; raises ConfigurationError if it is not there or must not be read."""
    from bedrock_audit.aws.alert_places import AlertPlaces
    from bedrock_audit.aws.alert_probe import deployed_alerting
    from bedrock_audit.aws.clients import session
    from bedrock_audit.aws.deployment import deployment

    signed_in = session(profile=profile, region=region)
    found = deployment(signed_in.client("cloudformation"), stack)
    places = AlertPlaces(
        alert_topic=found.alert_topic,
        chat_topic=found.chat_topic,
        event_bus=found.event_bus,
        webhook_queue=found.webhook_queue,
        webhooks=tuple(filter(None, found.webhooks.split(","))),
    )
    return deployed_alerting(places, signed_in, addresses=filter(None, found.alert_emails.split(",")))
