"""The whole of what is deployed, in the order in which an invocation's record travels through it."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import App, Environment, Stack, Tags
from aws_cdk import aws_lambda as lambda_

from infra.alerting import Alerting
from infra.auditor import Auditor
from infra.customer_key import CustomerKey
from infra.engine_function import Workshop
from infra.findings_store import FindingsStore
from infra.log_bucket import LogBucket
from infra.log_intake import LogIntake
from infra.monitoring import Monitoring
from infra.settings import Settings
from infra.use_cases import UseCases


class AuditStack(Stack):
    """`engine` is the folder that the functions run."""

    def __init__(self, app: App, *, settings: Settings, engine: Path) -> None:
        super().__init__(
            app,
            settings.stack_name,
            description="Audits the use of Amazon Bedrock against the AWS Responsible AI Policy (bedrock-audit)",
            env=Environment(account=settings.account, region=settings.region),
            termination_protection=settings.termination_protection,
        )
        for name, value in settings.tags.items():
            Tags.of(self).add(name, value)
        key = CustomerKey(self, "Key")
        workshop = Workshop(code=lambda_.Code.from_asset(str(engine)), key=key, settings=settings)
        logs = LogBucket(self, "Logs", key=key, settings=settings)
        intake = LogIntake(self, "Intake", key=key, logs=logs, settings=settings)
        findings = FindingsStore(self, "Store", key=key, settings=settings)
        use_cases = UseCases(self, "Registry", key=key, settings=settings)
        Auditor(self, "Auditor", workshop=workshop, logs=logs, intake=intake, findings=findings, use_cases=use_cases)
        alerting = Alerting(self, "Alerting", key=key, settings=settings)
        Monitoring(self, "Monitoring", intake=intake, alerting=alerting)
