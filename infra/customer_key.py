"""The customer-managed key of everything the stack keeps, and the AWS services that must be able to use it."""

from __future__ import annotations

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


class CustomerKey(kms.Key):
    """Kept when the stack goes: without it the logs and findings that stay could not be read."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope,
            construct_id,
            description="bedrock-audit: invocation logs, findings, queues, alerts",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self._let_log_groups_use_it()

    def let_service_send(self, service: str, *, source: str) -> None:
        """Let an AWS service encrypt what it sends here for this account (`source` is an ARN pattern)."""
        self.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(service)],
                actions=["kms:GenerateDataKey", "kms:Decrypt"],
                resources=["*"],
                conditions=of_this_account(source),
            )
        )

    def let_through(self, grantee: iam.IGrantable, service: str, *actions: str) -> None:
        """Let a role use the key for what `service` ("s3") does on its behalf, and for nothing else."""
        grantee.grant_principal.add_to_principal_policy(through(service, *actions, key_arn=self.key_arn))

    def _let_log_groups_use_it(self) -> None:
        """https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""
        groups = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:*"
        self.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(f"logs.{Aws.REGION}.amazonaws.com")],
                actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
                resources=["*"],
                conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            )
        )


READING = ("kms:Decrypt",)
SENDING = ("kms:Decrypt", "kms:GenerateDataKey")


def through(service: str, *actions: str, key_arn: str) -> iam.PolicyStatement:
    """Use of a key by way of one AWS service of this Region."""
    condition = {"StringEquals": {"kms:ViaService": f"{service}.{Aws.REGION}.amazonaws.com"}}
    return iam.PolicyStatement(actions=list(actions), resources=[key_arn], conditions=condition)


def of_this_account(source: str) -> dict[str, dict[str, str]]:
    """Conditions that keep a service from acting here for somebody else."""
    return {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}, "ArnLike": {"aws:SourceArn": source}}
