"""What is done on schedule: digests are sent, and what no log record tells is watched."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from alert_needs import DigestSettings, WatchSettings
from bedrock_audit.record import Value
from infra.alert_sender import AlertSender
from infra.auditor import Auditor
from infra.engine_function import EngineFunction
from infra.findings_store import FindingsStore
from infra.permission import let
from infra.use_cases import UseCases

LONGEST_ROUND = Duration.minutes(10)
REVIEWS_AT_ONCE, REVIEWS_IN_ALL = 2, 90
"""Days of due reviews looked back on every hour, and once a day for what was stored late."""


class Rounds(Construct):
    """`digest` sums up what was not told one by one, `watch` looks for late reviews and for silence."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        findings: FindingsStore,
        use_cases: UseCases,
        sender: AlertSender,
        auditor: Auditor,
    ) -> None:
        super().__init__(scope, construct_id)
        self._workshop = sender.workshop
        self._lost = sender.lost
        settings = sender.workshop.settings
        tables: dict[str, Any] = {
            "findings_table": findings.findings.table_name,
            "use_cases_table": use_cases.table.table_name,
        }
        self.digest = self._function(
            "SendDigest",
            handler="send_digest",
            description="Sums up hourly and daily what was found (bedrock-audit)",
            needs=DigestSettings(
                **sender.settings, **tables, addresses=settings.alert_emails, summary_hour=settings.daily_summary_hour
            ),
        )
        self.watch = self._function(
            "KeepWatch",
            handler="keep_watch",
            description="Watches for reviews that did not come and logs that stopped coming (bedrock-audit)",
            needs=WatchSettings(**auditor.settings, silent_hours=settings.silent_hours),
        )
        self._let_sum_up(findings, use_cases=use_cases, sender=sender)
        self._let_watch(findings, use_cases=use_cases)
        self._schedule(str(settings.daily_summary_hour))

    def target(self) -> targets.LambdaFunction:
        """For a rule whose events are to be told of as they are."""
        return targets.LambdaFunction(self.digest, dead_letter_queue=self._lost)

    def _function(self, name: str, *, handler: str, description: str, needs: Value) -> EngineFunction:
        function = EngineFunction(
            self,
            name,
            workshop=self._workshop,
            handler=handler,
            description=description,
            needs=needs,
            timeout=LONGEST_ROUND,
        )
        self._lost.keep_failures_of(function)
        return function

    def _let_sum_up(self, findings: FindingsStore, *, use_cases: UseCases, sender: AlertSender) -> None:
        findings.findings.let_read(self.digest)
        findings.ledger.let_read(self.digest)
        findings.ledger.let(self.digest, "dynamodb:PutItem")
        use_cases.let_ask(self.digest)
        sender.let_tell(self.digest)
        for topic in filter(None, (sender.places.alert_topic, sender.places.chat_topic)):
            let(self.digest, "sns:ListSubscriptionsByTopic", on=topic)

    def _let_watch(self, findings: FindingsStore, *, use_cases: UseCases) -> None:
        findings.let_keep_findings(self.watch)
        findings.ledger.let_read(self.watch)
        use_cases.let_ask(self.watch)
        let(self.watch, "cloudwatch:GetMetricData", on="*")  # it knows no resource

    def _schedule(self, summary_hour: str) -> None:
        """A few minutes apart; digests come after the hour, when what was held in its last second is stored.

        All but `LateReviews` are hourly, so that two alarms of `infra/watches.py` notice within hours if they stop.
        """
        reviews = {"watch": "reviews"}
        self._every("Repeats", self.digest, {"digest": "repeats"}, minute="5")
        self._every("Daily", self.digest, {"digest": "daily"}, minute="15")
        self._every("Silence", self.watch, {"watch": "silence"}, minute="20")
        self._every("Reviews", self.watch, {**reviews, "days": REVIEWS_AT_ONCE}, minute="35")
        self._every("LateReviews", self.watch, {**reviews, "days": REVIEWS_IN_ALL}, minute="50", hour=summary_hour)

    def _every(self, name: str, function: lambda_.Function, told: dict[str, Any], **when: str) -> None:
        event = events.RuleTargetInput.from_object({**told, "at": events.EventField.time})
        target = targets.LambdaFunction(function, event=event, dead_letter_queue=self._lost)
        events.Rule(self, name, schedule=events.Schedule.cron(**when), targets=[target])
