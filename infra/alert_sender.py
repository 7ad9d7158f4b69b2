"""From the stream of stored findings to messages: the functions that alert and digest, and what they may do."""

from __future__ import annotations

from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from bedrock_audit.aws.items import FINDING
from infra.alerting import Alerting
from infra.customer_key import SENDING, CustomerKey
from infra.engine_function import EngineFunction, Workshop
from infra.findings_store import FindingsStore
from infra.use_cases import UseCases
from needs import AlertSettings, DigestSettings

NEWS_AT_ONCE = 50
PATIENCE = Duration.hours(6)
"""How long a channel may be down before its alerts are given up; the stream itself forgets after 24 hours."""


class AlertSender(Construct):
    """`alert` hears of findings as they are stored, `digest` sums them up on schedule, `lost` has what was given up."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        workshop: Workshop,
        findings: FindingsStore,
        use_cases: UseCases,
        alerting: Alerting,
    ) -> None:
        super().__init__(scope, construct_id)
        self._workshop = workshop
        told = _told(workshop, findings=findings, alerting=alerting)
        tables: dict[str, Any] = {
            "findings_table": findings.findings.table_name,
            "use_cases_table": use_cases.table.table_name,
            "silent_hours": workshop.settings.silent_hours,
        }
        self.lost = _queue(self, workshop.key)
        self.alert = self._function("AlertOnFinding", AlertSettings(**told), handler="alert_on_finding")
        self.digest = self._function("SendDigest", DigestSettings(**told, **tables), handler="send_digest")
        for function in (self.alert, self.digest):
            findings.ledger.let_record(function)
            self._let_tell(function, alerting)
        self._listen(findings)
        self._sum_up(findings, use_cases=use_cases, alerting=alerting)

    def _function(self, name: str, needs: AlertSettings, *, handler: str) -> EngineFunction:
        return EngineFunction(
            self,
            name,
            workshop=self._workshop,
            handler=handler,
            description="Tells people and programs of findings (bedrock-audit)",
            needs=needs,
            timeout=Duration.minutes(3),
        )

    def _let_tell(self, function: lambda_.Function, alerting: Alerting) -> None:
        settings = self._workshop.settings
        for topic in alerting.topics:
            _let(function, "sns:Publish", topic.topic_arn)
        self._workshop.key.let_through(function, "sns", *SENDING)
        if settings.event_bus:
            bus = f"arn:{Aws.PARTITION}:events:{Aws.REGION}:{Aws.ACCOUNT_ID}:event-bus/{settings.event_bus}"
            _let(function, "events:PutEvents", bus)
        for secret in settings.webhook_secrets:
            _let(function, "secretsmanager:GetSecretValue", secret)

    def _listen(self, findings: FindingsStore) -> None:
        """Only findings, not their occurrences; a record that fails is tried again alone until it is too old."""
        pattern = {"dynamodb": {"NewImage": {"kind": {"S": lambda_.FilterRule.is_equal(FINDING)}}}}
        self.alert.add_event_source(
            sources.DynamoEventSource(
                findings.findings,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=NEWS_AT_ONCE,
                max_batching_window=Duration.seconds(2),
                bisect_batch_on_error=True,
                report_batch_item_failures=True,
                max_record_age=PATIENCE,
                filters=[lambda_.FilterCriteria.filter(pattern)],
                on_failure=sources.SqsDlq(self.lost),
            )
        )
        self._workshop.key.let_through(self.alert, "dynamodb", "kms:Decrypt")
        self._workshop.key.let_through(self.alert, "sqs", *SENDING)

    def _sum_up(self, findings: FindingsStore, *, use_cases: UseCases, alerting: Alerting) -> None:
        findings.findings.let_read(self.digest)
        use_cases.let_ask(self.digest)
        _let(self.digest, "sns:ListSubscriptionsByTopic", alerting.topic.topic_arn)
        _let(self.digest, "cloudwatch:GetMetricData", "*")  # it takes no resource
        hourly = events.Schedule.cron(minute="5")
        daily = events.Schedule.cron(minute="15", hour=str(self._workshop.settings.daily_summary_hour))
        for name, schedule in (("repeats", hourly), ("daily", daily)):
            told = targets.LambdaFunction(self.digest, event=events.RuleTargetInput.from_object({"digest": name}))
            events.Rule(self, name.capitalize(), schedule=schedule, targets=[told])


def _told(workshop: Workshop, *, findings: FindingsStore, alerting: Alerting) -> dict[str, Any]:
    settings = workshop.settings
    return {
        "ledger_table": findings.ledger.table_name,
        "alert_topic": alerting.topic.topic_arn,
        "chat_topic": alerting.chat.topic.topic_arn if alerting.chat else "",
        "event_bus": settings.event_bus or "",
        "webhook_secrets": settings.webhook_secrets,
        "routes": "routes.yaml" if settings.routes else "",
    }


def _queue(scope: Construct, key: CustomerKey) -> sqs.Queue:
    """Holds where in the stream alerts were given up, not the findings: those are in the table and in the digest."""
    return sqs.Queue(
        scope,
        "Lost",
        encryption=sqs.QueueEncryption.KMS,
        encryption_master_key=key,
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )


def _let(function: lambda_.Function, action: str, resource: str) -> None:
    function.add_to_role_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
