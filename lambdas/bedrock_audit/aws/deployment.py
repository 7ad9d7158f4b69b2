"""Turns the name of a deployed stack into where its parts are; knows CloudFormation's outputs, not the parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import ClientError

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


class Deployment(Value, frozen=True, rename="pascal"):
    """A deployed stack as its outputs describe it; the stack writes exactly these outputs (`FindingsTable`, …).

    Queues are URLs, topics are ARNs, `log_prefix` is what comes before `AWSLogs/` in the log bucket. `finding_days` is
    how long findings are kept once they are closed, empty for ever. By commas: `webhooks` are names of channels,
    `alert_emails` the addresses that should be subscribed to the topic.
    """

    region: str
    findings_table: str
    use_cases_table: str
    ledger_table: str
    log_bucket: str
    queue: str
    parked_queue: str
    alert_topic: str
    chat_topic: str = ""
    event_bus: str = ""
    webhook_queue: str = ""
    webhooks: str = ""
    alert_emails: str = ""
    log_prefix: str = ""
    finding_days: str = ""


def deployment(cloudformation: CloudFormationClient, stack: str) -> Deployment:
    """The parts of `stack` in the client's account and Region; raises ConfigurationError if it is not there."""
    try:
        described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        raise ConfigurationError(
            f"could not be read: {_reason(error)}", source=_place(cloudformation, stack)
        ) from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    try:
        return msgspec.convert(outputs, Deployment)
    except msgspec.ValidationError as error:
        raise ConfigurationError(
            f"the stack is not one of bedrock-audit, or an older one; deploy it again ({error})",
            source=_place(cloudformation, stack),
        ) from error


def _place(cloudformation: CloudFormationClient, stack: str) -> str:
    return f"stack {stack} in {cloudformation.meta.region_name}"


def _reason(error: ClientError) -> str:
    return error.response["Error"].get("Message", str(error))
