"""From a log group to the log bucket, for accounts whose invocation log goes to CloudWatch Logs only.

What arrives is put into the bucket as Bedrock itself would, and from there on the route is the same: same queue, same
engine, same evidence, same backfill.
"""

from __future__ import annotations

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as cloudwatch_logs
from constructs import Construct

from infra.engine_function import EngineFunction, Workshop
from infra.log_bucket import LogBucket
from infra.log_intake import LogIntake
from needs import LandingSettings


class LogGroupIntake(Construct):
    """`function` lands what the subscription sends; what it cannot land goes where given-up objects go."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        log_group: str,
        workshop: Workshop,
        logs: LogBucket,
        intake: LogIntake,
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = EngineFunction(
            self,
            "LandLogEvents",
            workshop=workshop,
            handler="land_log_events",
            description="Puts what a log group receives of Bedrock's invocation log into the log bucket",
            needs=LandingSettings(log_bucket=logs.bucket.bucket_name, log_prefix=workshop.settings.log_prefix),
            timeout=Duration.minutes(2),
            memory_mb=1024,
        )
        logs.let_add(self.function)
        intake.failed.keep_failures_of(self.function)
        self._subscribe(log_group)

    def _subscribe(self, log_group: str) -> None:
        source = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:{log_group}:*"
        self.function.add_permission(
            "LogGroup",
            principal=iam.ServicePrincipal("logs.amazonaws.com"),
            source_arn=source,
            source_account=Aws.ACCOUNT_ID,
        )
        subscription = cloudwatch_logs.CfnSubscriptionFilter(
            self,
            "Subscription",
            log_group_name=log_group,
            filter_pattern="",
            destination_arn=self.function.function_arn,
        )
        subscription.node.add_dependency(self.function)
