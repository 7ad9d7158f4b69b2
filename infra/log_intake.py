"""From a new log object to the queue of objects to audit, and to where objects go that could not be audited."""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.customer_key import CustomerKey
from infra.log_bucket import LogBucket
from infra.settings import Settings
from infra.work_queue import WorkQueue

ATTEMPTS = 5
"""How often an object is tried before it counts as failed; a first failure is often only a late permission or body."""
ATTEMPTS_TO_RECORD = 100
"""SQS counts the receives of a message across all queues it has been in, so this must be well above ATTEMPTS."""
RECORDING = Duration.minutes(1)
"""How long the function may run that makes findings of failed objects."""
OBJECTS_AT_ONCE = 10
GATHERING = Duration.seconds(5)


class LogIntake(Construct):
    """`queue` holds objects to audit, `failed` those given up, `parked` the same after a finding was made of each."""

    def __init__(
        self, scope: Construct, construct_id: str, *, key: CustomerKey, logs: LogBucket, settings: Settings
    ) -> None:
        super().__init__(scope, construct_id)
        self.parked = WorkQueue(self, "Parked", key=key)
        self.failed = WorkQueue(
            self, "Failed", key=key, then=self.parked, attempts=ATTEMPTS_TO_RECORD, visibility=_hidden_for(RECORDING)
        )
        longest_run = Duration.seconds(settings.timeout_seconds)
        self.queue = WorkQueue(
            self, "Queue", key=key, then=self.failed, attempts=ATTEMPTS, visibility=_hidden_for(longest_run)
        )
        self._rule(logs, settings=settings)

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


def _hidden_for(longest_run: Duration) -> Duration:
    """Six times the function's timeout, as AWS advises: a batch may be held back before it is handed over."""
    return Duration.seconds(6 * longest_run.to_seconds())


def _log_keys(logs: LogBucket, settings: Settings) -> list[object]:
    """Which keys are let through; the auditor looks again, for a pattern cannot both require and exclude.

    Our own bucket holds nothing else, so only what is known not to be a log is left out: a new file name of Bedrock's
    is then audited, not missed. A bucket of somebody else's may hold anything.
    """
    place = f"{settings.log_prefix}AWSLogs/*/BedrockModelInvocationLogs/*"
    if logs.is_own:
        return [{"anything-but": {"wildcard": [f"{place}/data/*", "*amazon-bedrock-logs-permission-check*"]}}]
    return [{"wildcard": f"{place}.json*"}]
