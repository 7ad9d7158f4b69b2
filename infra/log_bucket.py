"""Where invocation logs lie: a bucket of the stack's own that Bedrock may write to, or one that exists already."""

from __future__ import annotations

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.customer_key import READING, SENDING, CustomerKey, of_this_account, through
from infra.settings import LogSource, Settings

ACCESS_LOG_DAYS = 90
OLD_VERSION_DAYS = 30


class LogBucket(Construct):
    """`bucket` is where logs are read; `is_own` tells whether it came with the stack."""

    def __init__(self, scope: Construct, construct_id: str, *, key: CustomerKey, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self._prefix = settings.log_prefix
        self.is_own = settings.log_bucket is None
        beside = settings.large_data_bucket
        self._beside = [s3.Bucket.from_bucket_name(self, "LargeDataBucket", beside)] if beside else []
        known = [settings.log_bucket_key] if settings.log_bucket_key else []
        if settings.log_bucket:
            self.bucket = s3.Bucket.from_bucket_name(self, "Bucket", settings.log_bucket)
            self._keys = known
        else:
            self.bucket = self._own(key, settings=settings)
            self._keys = [key.key_arn, *known]

    def let_read(self, grantee: iam.IGrantable) -> None:
        """Let the grantee read logs and bodies; only who may list is told that a body is not there yet."""
        objects = [
            self.bucket.arn_for_objects(f"{self._prefix}AWSLogs/*"),
            *(one.arn_for_objects("*") for one in self._beside),
        ]
        buckets = [one.bucket_arn for one in (self.bucket, *self._beside)]
        for statement in (
            iam.PolicyStatement(actions=["s3:GetObject"], resources=objects),
            iam.PolicyStatement(actions=["s3:ListBucket"], resources=buckets),
            *(through("s3", *READING, key_arn=key) for key in self._keys),
        ):
            grantee.grant_principal.add_to_principal_policy(statement)

    def let_add(self, grantee: iam.IGrantable) -> None:
        """Let the grantee put logs into our own bucket."""
        objects = self.bucket.arn_for_objects(f"{self._prefix}AWSLogs/*")
        adding = iam.PolicyStatement(actions=["s3:PutObject"], resources=[objects])
        grantee.grant_principal.add_to_principal_policy(adding)
        for key in self._keys:
            grantee.grant_principal.add_to_principal_policy(through("s3", *SENDING, key_arn=key))

    def _own(self, key: CustomerKey, *, settings: Settings) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            server_access_logs_bucket=self._access_logs(),
            lifecycle_rules=[_expiry(settings.log_retention_days)],
            removal_policy=RemovalPolicy.RETAIN,
        )
        _announce_objects(bucket)
        if settings.log_source is LogSource.S3:
            _let_bedrock_write(bucket, prefix=settings.log_prefix)
            key.let_service_send("bedrock.amazonaws.com", source=_bedrock())
        return bucket

    def _access_logs(self) -> s3.Bucket:
        """Who read which prompt; S3 delivers these only to buckets that it encrypts itself."""
        return s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[_expiry(ACCESS_LOG_DAYS)],
            removal_policy=RemovalPolicy.RETAIN,
        )


def _expiry(days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        expiration=Duration.days(days),
        noncurrent_version_expiration=Duration.days(OLD_VERSION_DAYS),
        abort_incomplete_multipart_upload_after=Duration.days(7),
    )


def _announce_objects(bucket: s3.Bucket) -> None:
    """Set the native property: CDK's own switch would bring a function that rewrites the notification settings."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.add_property_override("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", True)


def _let_bedrock_write(bucket: s3.Bucket, *, prefix: str) -> None:
    """https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html"""
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("bedrock.amazonaws.com")],
            actions=["s3:PutObject"],
            resources=[bucket.arn_for_objects(f"{prefix}AWSLogs/{Aws.ACCOUNT_ID}/BedrockModelInvocationLogs/*")],
            conditions=of_this_account(_bedrock()),
        )
    )


def _bedrock() -> str:
    return f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}:{Aws.ACCOUNT_ID}:*"
