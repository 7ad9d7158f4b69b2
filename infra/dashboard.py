"""The page an on-call person reads in ten seconds: alarms, what was audited, what was not, and how far behind it is."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.alert_sender import AlertSender
from infra.audit_metric import audit_metric
from infra.auditor import Auditor
from infra.log_intake import LogIntake

THIRD = 8


def dashboard(
    scope: Construct,
    *,
    alarms: Sequence[cloudwatch.IAlarm],
    intake: LogIntake,
    auditor: Auditor,
    sender: AlertSender,
) -> cloudwatch.Dashboard:
    """One row per question: is anything ringing, is it reading, is it behind, does it reach people."""
    page = cloudwatch.Dashboard(scope, "Dashboard", default_interval=Duration.days(1))
    page.add_widgets(cloudwatch.AlarmStatusWidget(title="Is anything ringing?", alarms=list(alarms), width=24))
    page.add_widgets(*_is_it_reading())
    page.add_widgets(*_is_it_behind(intake, auditor))
    page.add_widgets(*_does_it_reach_people(sender))
    return page


def _is_it_reading() -> list[cloudwatch.IWidget]:
    calls = audit_metric("BedrockInvocations", service="keep_watch", statistic="Maximum")
    return [
        _graph("Audited", audit_metric("ObjectsAudited"), audit_metric("Entries")),
        _graph("Not audited", audit_metric("RecordsUnreadable"), audit_metric("RecordsUnscanned")),
        _graph("Called in Bedrock", calls),
    ]


def _is_it_behind(intake: LogIntake, auditor: Auditor) -> list[cloudwatch.IWidget]:
    lag = [audit_metric("AuditLag", statistic=share) for share in ("p50", "p90")]
    return [
        _graph("Waiting", *map(_waiting, (intake.queue, intake.failed, intake.parked))),
        _graph("Seconds from invocation to findings", *lag),
        _graph("Auditor", auditor.function.metric_duration(), auditor.function.metric_errors()),
    ]


def _does_it_reach_people(sender: AlertSender) -> list[cloudwatch.IWidget]:
    became = [audit_metric(f"Alerts{what}", service="alert_on_finding") for what in ("Paged", "LeftToDigest", "Storm")]
    given_up = [sender.lost, *([sender.webhooks.unposted] if sender.webhooks else [])]
    return [
        _graph("Alerts", *became),
        _graph("Alerts behind (ms)", sender.alert.metric("IteratorAge", statistic="Maximum")),
        _graph("Alerts given up", *map(_waiting, given_up)),
    ]


def _waiting(queue: sqs.Queue) -> cloudwatch.Metric:
    return queue.metric_approximate_number_of_messages_visible()


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=THIRD)
