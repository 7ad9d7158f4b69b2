"""What tells an on-call person that the pipeline itself is unwell, and the page they look at first."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from constructs import Construct

from bedrock_audit.aws.alarm_events import ALARM_EVENT
from infra.alert_sender import AlertSender
from infra.alerting import Alerting
from infra.auditor import Auditor
from infra.dashboard import dashboard
from infra.log_intake import LogIntake
from infra.review_intake import ReviewIntake
from infra.rounds import Rounds
from infra.watches import (
    Watch,
    alert_watches,
    audit_watches,
    function_watches,
    intake_watches,
    review_watches,
    schedule_watches,
)


class Monitoring(Construct):
    """Alarms to the alert topic, the chat and webhooks, and a dashboard."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        intake: LogIntake,
        auditor: Auditor,
        reviews: ReviewIntake,
        sender: AlertSender,
        alerting: Alerting,
        rounds: Rounds,
    ) -> None:
        super().__init__(scope, construct_id)
        self._actions = [actions.SnsAction(topic) for topic in alerting.topics]
        functions = {
            "Auditor": auditor.function,
            "Recorder": auditor.recorder,
            "ReviewRecorder": reviews.function,
            "AlertSender": sender.alert,
        }
        if sender.webhooks:
            functions["WebhookPoster"] = sender.webhooks.function
        watches = [
            *intake_watches(intake),
            *(watch for name, function in functions.items() for watch in function_watches(name, function)),
            *audit_watches(),
            *review_watches(reviews),
            *alert_watches(sender, alerting.topics),
            *schedule_watches(),
        ]
        alarms = [self._alarm(watch) for watch in watches]
        if sender.webhooks:
            self._tell_webhooks(rounds)
        dashboard(self, alarms=alarms, intake=intake, auditor=auditor, sender=sender)

    def _tell_webhooks(self, rounds: Rounds) -> None:
        """An alarm cannot post; its events are known by its name, since all ARNs would be too long for a pattern."""
        ours = events.Match.prefix(f"{Aws.STACK_NAME}-{self.node.id}")
        detail = {"alarmName": ours, "state": {"value": ["ALARM", "OK"]}}
        events.Rule(
            self,
            "OnAlarm",
            description="Alarms of the pipeline are posted to webhooks",
            event_pattern=events.EventPattern(source=["aws.cloudwatch"], detail_type=[ALARM_EVENT], detail=detail),
            targets=[rounds.target()],
        )

    def _alarm(self, watch: Watch) -> cloudwatch.Alarm:
        comparison, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
        alarm = cloudwatch.Alarm(
            self,
            watch.name,
            alarm_description=watch.advice,
            metric=watch.metric,
            threshold=watch.threshold,
            evaluation_periods=watch.periods,
            comparison_operator=comparison.LESS_THAN_THRESHOLD
            if watch.is_pulse
            else comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=missing.BREACHING if watch.is_pulse else missing.NOT_BREACHING,
        )
        alarm.add_alarm_action(*self._actions)
        alarm.add_ok_action(*self._actions)
        return alarm
