"""Where the stack departs from the rules of cdk-nag, and why each departure is right."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_s3 as s3
from constructs import IConstruct

from bedrock_audit.record import Value
from infra.log_bucket import LogBucket


class Departure(Value, frozen=True):
    """A rule that does not hold below the construct at `path`.

    In the rule `{logs}` stands for the ARN of the log bucket and `{stack}` for the name of the stack.
    """

    path: str
    rule: str
    reason: str


FROM_QUEUES = (
    "Auditor/AuditLogObject",
    "Auditor/RecordFailedObject",
    "Reviews/RecordReview",
    "Sender/Webhooks/PostToWebhook",
)
WITH_DESTINATIONS = ("LogGroup/LandLogEvents", "Sender/AlertOnFinding", "Rounds/SendDigest", "Rounds/KeepWatch")
FUNCTIONS = ("Logging/ConfigureLogging", *FROM_QUEUES, *WITH_DESTINATIONS)
LAST_QUEUES = ("Intake/Parked", "Reviews/Refused", "Sender/Lost", "Sender/Webhooks/Unposted")
EVERYWHERE = (
    ("AwsSolutions-IAM5[Resource::*]", "X-Ray's PutTraceSegments and PutTelemetryRecords know no resource."),
    (
        "AwsSolutions-L1",
        "Python 3.13 is what the locked wheels and the bytecode of the bundle are built and tested for.",
    ),
    ("Serverless-LambdaLatestVersion", "Python 3.13 is what the bundle is built and tested for."),
)
STACKS = "arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack"
DEPARTURES = (
    *(Departure(path=path, rule=rule, reason=reason) for path in FUNCTIONS for rule, reason in EVERYWHERE),
    Departure(
        path="Logging/ConfigureLogging",
        rule="Serverless-LambdaDLQ",
        reason="CloudFormation waits for its answer and reports the failure; a kept request would come too late.",
    ),
    Departure(
        path="Logging/ConfigureLogging",
        rule="Serverless-LambdaAsyncFailureDestination",
        reason="CloudFormation waits for its answer and reports the failure.",
    ),
    Departure(
        path="LogGroup/LandLogEvents",
        rule="AwsSolutions-IAM5[Resource::{logs}/AWSLogs/*]",
        reason="The names of log objects are not known beforehand; the prefix is that of invocation logs.",
    ),
    Departure(
        path="Auditor/AuditLogObject",
        rule="AwsSolutions-IAM5[Resource::{logs}/AWSLogs/*]",
        reason="The names of log objects are not known beforehand; the prefix is that of invocation logs.",
    ),
    *(
        Departure(
            path=path,
            rule="Serverless-LambdaDLQ",
            reason="Its failure destination does more: it carries the request together with the error.",
        )
        for path in WITH_DESTINATIONS
    ),
    *(
        Departure(
            path=path,
            rule=rule,
            reason="It is invoked by a queue; the queue's own redrive policy keeps what fails.",
        )
        for path in FROM_QUEUES
        for rule in ("Serverless-LambdaDLQ", "Serverless-LambdaEventSourceMappingDestination")
    ),
    Departure(
        path="Analysts/ReadOnly",
        rule=f"AwsSolutions-IAM5[Resource::{STACKS}/{{stack}}/*]",
        reason="The id at the end of a stack's ARN is not part of a request that names the stack.",
    ),
    Departure(
        path="Alerting",
        rule="Serverless-SNSRedrivePolicy",
        reason="A mail that SNS gives up on loses no finding: it is stored, and in the next summary.",
    ),
    *(
        Departure(
            path=path,
            rule=rule,
            reason="The end of the line: an alarm watches it, and people decide what becomes of what is in it.",
        )
        for path in LAST_QUEUES
        for rule in ("Serverless-SQSRedrivePolicy", "AwsSolutions-SQS3")
    ),
)


def explain_departures(stack: Stack, logs: LogBucket) -> None:
    """Note every departure where it happens, so that nag reports only what nobody has thought about."""
    for departure in DEPARTURES:
        place = _at(stack, departure.path)
        if place is not None:
            pack = departure.rule.partition("-")[0]
            rule = departure.rule.format(logs=_as_nag_writes(stack, logs), stack=stack.stack_name)
            Validations.of(place).acknowledge(Acknowledgment(id=f"{pack}::{rule}", reason=departure.reason))


def _at(stack: Stack, path: str) -> IConstruct | None:
    place: IConstruct | None = stack
    for step in path.split("/"):
        place = place.node.try_find_child(step) if place else None
    return place


def _as_nag_writes(stack: Stack, logs: LogBucket) -> str:
    if not logs.is_own:
        return f"arn:<AWS::Partition>:s3:::{logs.bucket.bucket_name}"
    resource = logs.bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    return f"<{stack.get_logical_id(resource)}.Arn>"
