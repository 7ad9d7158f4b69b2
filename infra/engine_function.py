"""A Lambda function that runs one handler of the engine bundle, with everything all of them have in common."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from bedrock_audit.record import Value
from infra.customer_key import CustomerKey
from infra.settings import LogRetention, Settings
from settings import environment

RETENTION: dict[LogRetention, logs.RetentionDays] = {
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
    1096: logs.RetentionDays.THREE_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}


class Workshop(Value, frozen=True):
    """What every function of the stack is made from."""

    code: lambda_.Code
    key: CustomerKey
    settings: Settings


class EngineFunction(lambda_.Function):
    """`handler` is a module of lambdas/ with a function `handler`; `needs` is the environment it parses.

    `executing_role` may write to its own log group and nothing else; each neighbour grants what it lets it do.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        workshop: Workshop,
        handler: str,
        description: str,
        needs: Value,
        timeout: Duration,
        memory_mb: int = 512,
        reserved: int | None = None,
    ) -> None:
        place = Construct(scope, construct_id)
        group = _log_group(place, workshop)
        role = _role(place, group)
        super().__init__(
            place,
            "Function",
            code=workshop.code,
            handler=f"{handler}.handler",
            description=description,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            environment={
                **environment(needs),
                "POWERTOOLS_SERVICE_NAME": handler,
                "POWERTOOLS_METRICS_NAMESPACE": "BedrockAudit",
            },
            environment_encryption=workshop.key,
            memory_size=memory_mb,
            timeout=timeout,
            reserved_concurrent_executions=reserved or None,
            tracing=lambda_.Tracing.ACTIVE,
            logging_format=lambda_.LoggingFormat.JSON,
            log_group=group,
            role=role,
        )
        self.executing_role = role


def _log_group(scope: Construct, workshop: Workshop) -> logs.LogGroup:
    return logs.LogGroup(
        scope,
        "Logs",
        encryption_key=workshop.key,
        retention=RETENTION[workshop.settings.function_log_retention_days],
        removal_policy=RemovalPolicy.DESTROY,
    )


def _role(scope: Construct, group: logs.LogGroup) -> iam.Role:
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    group.grant_write(role)
    return role
