"""Has Bedrock deliver its log to where it is audited, without taking anything from what is configured already."""

from __future__ import annotations

from aws_cdk import Aws, CustomResource, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct, IDependable

from bedrock_audit.aws.logging_setup import bedrock_logging, bucket_events
from infra.engine_function import EngineFunction, Workshop
from infra.log_bucket import LogBucket
from infra.settings import LogSource, Settings
from needs import ConfiguratorSettings

LOGGING = ("Get", "Put", "Delete")


class LoggingSetup(Construct):
    """Two custom resources of one function: the logging configuration, and the events of a bucket that was there."""

    def __init__(self, scope: Construct, construct_id: str, *, workshop: Workshop, logs: LogBucket) -> None:
        super().__init__(scope, construct_id)
        settings = workshop.settings
        self._memory = f"/bedrock-audit/{settings.stack_name}"
        self._function = EngineFunction(
            self,
            "ConfigureLogging",
            workshop=workshop,
            handler="configure_logging",
            description="Adopts, merges and restores Bedrock's logging configuration",
            needs=ConfiguratorSettings(memory_path=self._memory),
            timeout=Duration.minutes(5),
        )
        self._function.configure_async_invoke(retry_attempts=0)  # CloudFormation has been answered by then
        if not logs.is_own:
            self._announce_objects(logs.bucket)
        if settings.configure_logging:
            self._deliver(logs, settings=settings)

    def _deliver(self, logs: LogBucket, *, settings: Settings) -> None:
        for statement in (
            _configuration(),
            _parameter(f"{self._memory}/{bedrock_logging.NAME}"),
            *([_role(settings.logging_role)] if settings.logging_role else []),
        ):
            self._function.add_to_role_policy(statement)
        wanted = {"Source": "cloudwatch", "LogGroup": settings.log_group}
        if settings.log_source is LogSource.S3:
            wanted = {"Source": "s3", "Bucket": logs.bucket.bucket_name, "Prefix": settings.log_prefix}
        self._resource(self, "BedrockLogging", wanted, after=logs)

    def _announce_objects(self, bucket: s3.IBucket) -> None:
        """Permissions go with the bucket's name: when another is named, the one before can still be released first."""
        place = Construct(self, bucket.bucket_name)
        changing = iam.PolicyStatement(
            actions=["s3:GetBucketNotification", "s3:PutBucketNotification"], resources=[bucket.bucket_arn]
        )
        remembering = _parameter(f"{self._memory}/{bucket_events.parameter(bucket.bucket_name)}")
        policy = iam.Policy(place, "MayChange", statements=[changing, remembering])
        policy.attach_to_role(self._function.executing_role)
        self._resource(place, "BucketEvents", {"Bucket": bucket.bucket_name}, after=policy)

    def _resource(self, scope: Construct, name: str, properties: dict[str, str | None], *, after: IDependable) -> None:
        resource = CustomResource(
            scope,
            name,
            service_token=self._function.function_arn,
            resource_type=f"Custom::{name}",
            properties=properties,
            service_timeout=Duration.minutes(6),
        )
        resource.node.add_dependency(after, self._function)


def _parameter(name: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["ssm:GetParameter", "ssm:PutParameter", "ssm:DeleteParameter"],
        resources=[f"arn:{Aws.PARTITION}:ssm:{Aws.REGION}:{Aws.ACCOUNT_ID}:parameter{name}"],
    )


def _configuration() -> iam.PolicyStatement:
    """The configuration is one per account and Region and has no ARN."""
    actions = [f"bedrock:{verb}ModelInvocationLoggingConfiguration" for verb in LOGGING]
    return iam.PolicyStatement(actions=actions, resources=["*"])


def _role(arn: str) -> iam.PolicyStatement:
    """Bedrock's configuration is put as a whole, so a log group beside the bucket takes its role to be passed again."""
    conditions = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
    return iam.PolicyStatement(actions=["iam:PassRole"], resources=[arn], conditions=conditions)
