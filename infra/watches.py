"""What an on-call person is woken or told for when the pipeline itself is unwell: each with a sentence what to do."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs

from bedrock_audit.record import Value
from infra.alert_sender import AlertSender
from infra.audit_metric import FIVE_MINUTES, audit_metric
from infra.log_intake import LogIntake

HOUR = Duration.hours(1)
FIFTEEN_MINUTES_MS = 15 * 60 * 1000


class Watch(Value, frozen=True):
    """One alarm: it rings when the metric is at or above the threshold in every one of `periods`."""

    name: str
    advice: str
    metric: cloudwatch.IMetric
    threshold: float = 1
    periods: int = 1


def intake_watches(intake: LogIntake) -> list[Watch]:
    """Log objects that were given up, or wait too long."""
    return [
        Watch(
            name="ObjectsGivenUp",
            advice=(
                "Log objects could not be audited. See `bedrock-audit findings list --aws --clause coverage`, mend the "
                "cause, then run `bedrock-audit redrive`."
            ),
            metric=_together(failed=_waiting(intake.failed), parked=_waiting(intake.parked)),
        ),
        Watch(
            name="QueueBehind",
            advice="Log objects have waited for over an hour. Is the auditor throttled, or a backfill running?",
            metric=intake.queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum"),
            threshold=3600,
            periods=3,
        ),
    ]


def function_watches(functions: Sequence[lambda_.Function]) -> list[Watch]:
    """Functions that fail or are held back."""
    errors = {f"errors{number}": function.metric_errors() for number, function in enumerate(functions)}
    throttles = {f"throttles{number}": function.metric_throttles() for number, function in enumerate(functions)}
    return [
        Watch(
            name="FunctionErrors",
            advice="A function of the pipeline keeps failing; its log group says where. What failed is tried again.",
            metric=_together(**errors),
            periods=3,
        ),
        Watch(
            name="FunctionThrottles",
            advice="Functions are held back; raise `bedrock-audit:concurrency` or the account's limit.",
            metric=_together(**throttles),
            threshold=100,
            periods=3,
        ),
    ]


def audit_watches() -> list[Watch]:
    """An audit that sees too little, too late or nothing."""
    unread = {name: audit_metric(f"Records{name.capitalize()}", period=HOUR) for name in ("unreadable", "unscanned")}
    share = cloudwatch.MathExpression(
        expression="100 * (unreadable + unscanned) / entries",
        using_metrics={**unread, "entries": audit_metric("Entries", period=HOUR)},
        label="% of records not audited",
        period=HOUR,
    )
    return [
        Watch(
            name="CoverageLow",
            advice="Over 5 % of an hour's records could not be audited: `bedrock-audit coverage --aws` says why.",
            metric=share,
            threshold=5,
        ),
        Watch(
            name="AuditLag",
            advice="An hour or more passes between a log object's arrival and its audit.",
            metric=audit_metric("AuditLag", statistic="p90", period=FIVE_MINUTES),
            threshold=3600,
            periods=3,
        ),
        Watch(
            name="NothingAudited",
            advice="Bedrock was called, but for hours nothing was audited: is its logging still on?",
            metric=audit_metric("SilentHours", service="keep_watch", statistic="Maximum", period=HOUR),
        ),
    ]


def alert_watches(sender: AlertSender) -> list[Watch]:
    """Alerts that do not arrive."""
    lost = {"lost": _waiting(sender.lost)}
    unposted = {"unposted": _waiting(sender.webhooks.unposted)} if sender.webhooks else {}
    return [
        Watch(
            name="AlertsLost",
            advice=(
                "Alerts were given up after hours of retries; the findings are stored: `bedrock-audit findings list "
                "--aws`. docs/alerts.md says what the queues hold."
            ),
            metric=_together(**lost, **unposted),
        ),
        Watch(
            name="AlertsBehind",
            advice="Alerts are over 15 minutes behind: a topic, queue or bus refuses them, or the function fails.",
            metric=sender.alert.metric("IteratorAge", statistic="Maximum", period=FIVE_MINUTES),
            threshold=FIFTEEN_MINUTES_MS,
            periods=2,
        ),
        Watch(
            name="SubscriptionUnconfirmed",
            advice="Somebody should get alerts and does not; `bedrock-audit test-alert --aws` shows who.",
            metric=audit_metric(
                "SubscriptionsUnconfirmed", service="send_digest", statistic="Maximum", period=Duration.days(1)
            ),
        ),
    ]


def _waiting(queue: sqs.Queue) -> cloudwatch.Metric:
    return queue.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum")


def _together(**metrics: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    return cloudwatch.MathExpression(
        expression=" + ".join(metrics), using_metrics=dict(metrics), label=" + ".join(metrics), period=FIVE_MINUTES
    )
