"""A queue of work for a function, sealed with the customer key, and who may put work in or take it out."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.customer_key import READING, SENDING, CustomerKey

KEPT = Duration.days(14)
"""The longest that SQS keeps a message."""
A_WHILE = Duration.minutes(6)


class WorkQueue(sqs.Queue):
    """What was tried `attempts` times goes to the queue `then`; without one it waits here for people."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: CustomerKey,
        then: sqs.Queue | None = None,
        attempts: int = 0,
        visibility: Duration = A_WHILE,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            data_key_reuse=Duration.hours(1),
            enforce_ssl=True,
            retention_period=KEPT,
            visibility_timeout=visibility,
            dead_letter_queue=sqs.DeadLetterQueue(queue=then, max_receive_count=attempts) if then else None,
        )
        self._key = key

    def let_send(self, grantee: iam.IGrantable) -> None:
        """Let the grantee put messages in."""
        self._let(grantee, "sqs:SendMessage")
        self._key.let_through(grantee, "sqs", *SENDING)

    def let_retry(self, grantee: iam.IGrantable) -> None:
        """Let the grantee say when a message that failed comes again."""
        self._let(grantee, "sqs:ChangeMessageVisibility")

    def feed(
        self,
        function: lambda_.Function,
        *,
        batch: int,
        gathering: Duration | None = None,
        at_once: int | None = None,
    ) -> None:
        """Let the function work it off, in batches of which single messages may fail."""
        self._let(function, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
        self._key.let_through(function, "sqs", *READING)
        mapping = function.add_event_source_mapping(
            "Source",
            event_source_arn=self.queue_arn,
            batch_size=batch,
            max_batching_window=gathering,
            max_concurrency=at_once,
            report_batch_item_failures=True,
        )
        if function.role:
            mapping.node.add_dependency(function.role)

    def keep_failures_of(self, function: lambda_.Function) -> None:
        """Keep the events that the function, invoked without anybody waiting for it, fails on again and again.

        The plain resource: CDK's own destination would let the function do more with the key than send.
        """
        self.let_send(function)
        lambda_.CfnEventInvokeConfig(
            function,
            "OnFailure",
            function_name=function.function_name,
            qualifier="$LATEST",
            maximum_retry_attempts=2,
            destination_config=lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
                on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(destination=self.queue_arn)
            ),
        )

    def _let(self, grantee: iam.IGrantable, *actions: str) -> None:
        allowed = iam.PolicyStatement(actions=list(actions), resources=[self.queue_arn])
        grantee.grant_principal.add_to_principal_policy(allowed)
