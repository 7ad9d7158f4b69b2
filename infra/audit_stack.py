"""The whole of what is deployed, in the order in which an invocation's record travels through it."""

from __future__ import annotations

from pathlib import Path

import msgspec
from aws_cdk import App, Aws, CfnOutput, Environment, Stack, Tags
from aws_cdk import aws_lambda as lambda_

from bedrock_audit.aws.deployment import Deployment
from infra.alert_sender import AlertSender
from infra.alerting import Alerting
from infra.analysts import Analysts
from infra.auditor import Auditor
from infra.customer_key import CustomerKey
from infra.engine_function import Workshop
from infra.findings_store import FindingsStore
from infra.log_bucket import LogBucket
from infra.log_group_intake import LogGroupIntake
from infra.log_intake import LogIntake
from infra.log_table import LogTable
from infra.logging_setup import LoggingSetup
from infra.monitoring import Monitoring
from infra.nag_exceptions import explain_departures
from infra.review_intake import ReviewIntake
from infra.rounds import Rounds
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
            tags=settings.tags,
        )
        for name, value in settings.tags.items():
            Tags.of(self).add(name, value)
        key = CustomerKey(self, "Key")
        workshop = Workshop(code=lambda_.Code.from_asset(str(engine)), key=key, settings=settings)
        logs = LogBucket(self, "Logs", key=key, settings=settings)
        intake = self._intake(workshop, logs)
        findings = FindingsStore(self, "Store", key=key, settings=settings)
        use_cases = UseCases(self, "Registry", key=key, settings=settings)
        auditor = Auditor(
            self, "Auditor", workshop=workshop, logs=logs, intake=intake, findings=findings, use_cases=use_cases
        )
        reviews = ReviewIntake(self, "Reviews", workshop=workshop, findings=findings, use_cases=use_cases)
        alerting = Alerting(self, "Alerting", key=key, settings=settings)
        sender = AlertSender(self, "Sender", workshop=workshop, findings=findings, alerting=alerting)
        rounds = Rounds(self, "Rounds", findings=findings, use_cases=use_cases, sender=sender, auditor=auditor)
        Monitoring(
            self,
            "Monitoring",
            intake=intake,
            auditor=auditor,
            reviews=reviews,
            sender=sender,
            alerting=alerting,
            rounds=rounds,
        )
        Analysts(self, "Analysts", findings=findings, use_cases=use_cases)
        explain_departures(self, logs)
        self._tell(_parts(settings, logs=logs, intake=intake, findings=findings, use_cases=use_cases, sender=sender))

    def _intake(self, workshop: Workshop, logs: LogBucket) -> LogIntake:
        """What Bedrock writes, wherever it writes it, on its way to the queue."""
        settings = workshop.settings
        if settings.athena:
            LogTable(self, "Table", logs=logs, settings=settings)
        if settings.configure_logging or not logs.is_own:
            LoggingSetup(self, "Logging", workshop=workshop, logs=logs)
        intake = LogIntake(self, "Intake", key=workshop.key, logs=logs, settings=settings)
        if settings.log_group:
            LogGroupIntake(self, "LogGroup", log_group=settings.log_group, workshop=workshop, logs=logs, intake=intake)
        return intake

    def _tell(self, deployment: Deployment) -> None:
        """The outputs by which the command line finds its way with `--aws`."""
        for name, value in msgspec.to_builtins(deployment).items():
            if value:
                CfnOutput(self, name, value=value, description="By this bedrock-audit --aws finds its way")


def _parts(
    settings: Settings,
    *,
    logs: LogBucket,
    intake: LogIntake,
    findings: FindingsStore,
    use_cases: UseCases,
    sender: AlertSender,
) -> Deployment:
    places = sender.places
    return Deployment(
        region=Aws.REGION,
        findings_table=findings.findings.table_name,
        use_cases_table=use_cases.table.table_name,
        ledger_table=findings.ledger.table_name,
        log_bucket=logs.bucket.bucket_name,
        log_prefix=settings.log_prefix,
        queue=intake.queue.queue_url,
        parked_queue=intake.parked.queue_url,
        alert_topic=places.alert_topic,
        chat_topic=places.chat_topic,
        event_bus=places.event_bus,
        webhook_queue=places.webhook_queue,
        webhooks=",".join(places.webhooks),
        alert_emails=",".join(settings.alert_emails),
        finding_days=str(settings.finding_retention_days),
    )
