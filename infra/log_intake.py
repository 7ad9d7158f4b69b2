"""From a new log object to the queue of objects to audit, and to where objects go that could not be audited."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.customer_key import READING, SENDING, CustomerKey
from infra.log_bucket import LogBucket
from infra.settings import Settings

ATTEMPTS = 5
"""How often an object is tried before it counts as failed; a first failure is often only a late permission or body."""
ATTEMPTS_TO_RECORD = 100
"""SQS counts the receives of a message across all queues it has been in, so this must be well above ATTEMPTS."""
RECORDING = Duration.minutes(1)
"""How long the function may run that makes findings of failed objects."""
KEPT = Duration.days(14)


OBJECTS_AT_ONCE = 10
GATHERING = Duration.seconds(5)


class LogIntake(Construct):
    """`queue` holds objects to audit, `failed` those given up, `parked` the same after a finding was made of each."""

    def __init__(
        self, scope: Construct, construct_id: str, *, key: CustomerKey, logs: LogBucket, settings: Settings
    ) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self.parked = self._queue("Parked")
        self.failed = self._queue("Failed", then=self.parked, attempts=ATTEMPTS_TO_RECORD)
        longest_run = Duration.seconds(settings.timeout_seconds)
        self.queue = self._queue("Queue", then=self.failed, attempts=ATTEMPTS, longest_run=longest_run)
        self._rule(logs, settings=settings)

    def let_send(self, grantee: iam.IGrantable, queue: sqs.Queue) -> None:
        """Let the grantee put messages into one of the queues."""
        allowed = iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn])
        grantee.grant_principal.add_to_principal_policy(allowed)
        self._key.let_through(grantee, "sqs", *SENDING)

    def let_retry(self, grantee: iam.IGrantable, queue: sqs.Queue) -> None:
        """Let the grantee say when a message that failed comes again."""
        allowed = iam.PolicyStatement(actions=["sqs:ChangeMessageVisibility"], resources=[queue.queue_arn])
        grantee.grant_principal.add_to_principal_policy(allowed)

    def feed(self, function: lambda_.Function, queue: sqs.Queue, *, at_once: int | None = None) -> None:
        """Let the function work off one of the queues, in batches of which single messages may fail."""
        actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        function.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=[queue.queue_arn]))
        self._key.let_through(function, "sqs", *READING)
        mapping = function.add_event_source_mapping(
            "Source",
            event_source_arn=queue.queue_arn,
            batch_size=OBJECTS_AT_ONCE,
            max_batching_window=GATHERING,
            max_concurrency=at_once,
            report_batch_item_failures=True,
        )
        if function.role:
            mapping.node.add_dependency(function.role)

    def _queue(
        self,
        name: str,
        *,
        then: sqs.Queue | None = None,
        attempts: int = 0,
        longest_run: Duration = RECORDING,
    ) -> sqs.Queue:
        return sqs.Queue(
            self,
            name,
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=self._key,
            data_key_reuse=Duration.hours(1),
            enforce_ssl=True,
            retention_period=KEPT,
            visibility_timeout=Duration.seconds(6 * longest_run.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(queue=then, max_receive_count=attempts) if then else None,
        )

    def _rule(self, logs: LogBucket, *, settings: Settings) -> None:
        rule = events.Rule(
            self,
            "OnLogObject",
            description="A new object of Bedrock's invocation log is to be audited",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                account=[Aws.ACCOUNT_ID],
                detail={"bucket": {"name": [logs.bucket.bucket_name]}, "object": {"key": _log_keys(logs, settings)}},
            ),
        )
        rule.add_target(targets.SqsQueue(self.queue, dead_letter_queue=self.failed))


def _log_keys(logs: LogBucket, settings: Settings) -> list[object]:
    """Which keys are let through; the auditor looks again, for a pattern cannot both require and exclude.

    Our own bucket holds nothing else, so only what is known not to be a log is left out: a new file name of Bedrock's
    is then audited, not missed. A bucket of somebody else's may hold anything.
    """
    place = f"{settings.log_prefix}AWSLogs/*/BedrockModelInvocationLogs/*"
    if logs.is_own:
        return [{"anything-but": {"wildcard": [f"{place}/data/*", "*amazon-bedrock-logs-permission-check*"]}}]
    return [{"wildcard": f"{place}.json*"}]
