"""The page an on-call person reads in ten seconds: alarms, what was audited, what was not, and how far behind it is."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
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
    page.add_widgets(
        _graph("Audited", audit_metric("ObjectsAudited"), audit_metric("Entries")),
        _graph("Not audited", audit_metric("RecordsUnreadable"), audit_metric("RecordsUnscanned")),
        _graph("Called in Bedrock", audit_metric("BedrockInvocations", service="send_digest", statistic="Maximum")),
    )
    page.add_widgets(
        _graph(
            "Waiting",
            intake.queue.metric_approximate_number_of_messages_visible(),
            intake.failed.metric_approximate_number_of_messages_visible(),
            intake.parked.metric_approximate_number_of_messages_visible(),
        ),
        _graph(
            "Seconds from log object to audit",
            audit_metric("AuditLag", statistic="p50"),
            audit_metric("AuditLag", statistic="p90"),
        ),
        _graph("Auditor", auditor.function.metric_duration(), auditor.function.metric_errors()),
    )
    page.add_widgets(
        _graph(
            "Alerts",
            *(
                audit_metric(f"Alerts{what}", service="alert_on_finding")
                for what in ("Sent", "LeftToDigest", "HeldInStorm")
            ),
        ),
        _graph("Alerts behind (ms)", sender.alert.metric("IteratorAge", statistic="Maximum")),
        _graph("Alerts given up", sender.lost.metric_approximate_number_of_messages_visible()),
    )
    return page


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=THIRD)
