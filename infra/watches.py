"""What an on-call person is woken or told for when the pipeline itself is unwell: each with a sentence what to do."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from bedrock_audit.record import Value
from infra.alert_sender import AlertSender
from infra.audit_metric import FIVE_MINUTES, audit_metric
from infra.log_intake import LogIntake
from infra.review_intake import ReviewIntake

HOUR = Duration.hours(1)
FIFTEEN_MINUTES_MS = 15 * 60 * 1000
ROUNDS_AN_HOUR = 2


class Watch(Value, frozen=True):
    """One alarm: it rings when the metric is at or above the threshold in every one of `periods`.

    With `is_pulse`, when it is below it or missing.
    """

    name: str
    advice: str
    metric: cloudwatch.IMetric
    threshold: float = 1
    periods: int = 1
    is_pulse: bool = False


def intake_watches(intake: LogIntake) -> list[Watch]:
    """Log objects that were given up, or wait too long."""
    given_up = (
        "Log objects could not be audited. See `bedrock-audit findings list --aws --clause coverage`, mend the cause, "
        "then run `bedrock-audit redrive`."
    )
    return [
        Watch(name="ObjectsGivenUp", advice=given_up, metric=_waiting(intake.failed)),
        Watch(name="ObjectsParked", advice=given_up, metric=_waiting(intake.parked)),
        Watch(
            name="QueueBehind",
            advice="Log objects have waited for over an hour. Is the auditor throttled, or a backfill running?",
            metric=intake.queue.metric_approximate_age_of_oldest_message(period=FIVE_MINUTES, statistic="Maximum"),
            threshold=3600,
            periods=3,
        ),
    ]


def function_watches(name: str, function: lambda_.Function) -> list[Watch]:
    """A function at work all day that fails or is held back.

    An alarm for each: whether metric math adds a metric that is missing, as those of an idle function are, is not said.
    """
    return [
        Watch(
            name=f"{name}Fails",
            advice="This function keeps failing; its log group says where. What failed is tried again.",
            metric=function.metric_errors(period=FIVE_MINUTES),
            periods=3,
        ),
        Watch(
            name=f"{name}Throttled",
            advice="This function is held back; raise `bedrock-audit:concurrency` or the account's limit.",
            metric=function.metric_throttles(period=FIVE_MINUTES),
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
            advice="An hour or more passes from a call to its audit: is the queue behind, or Bedrock's delivery?",
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


def review_watches(reviews: ReviewIntake) -> list[Watch]:
    """Events about human reviews that tell of none: uses stay unreviewed that somebody has looked at."""
    return [
        Watch(
            name="ReviewsRefused",
            advice="Events about human reviews could not be recorded; the log of RecordReview says what they lack. "
            "docs/use-cases.md has their shape and what to do with those in the queue `Refused`.",
            metric=_waiting(reviews.refused),
        )
    ]


def alert_watches(sender: AlertSender, topics: Sequence[sns.Topic]) -> list[Watch]:
    """Alerts that do not arrive; `topics` are people's and, if there is one, the chat's."""
    lost = "Alerts were given up after hours of retries; the findings are stored: `bedrock-audit findings list --aws`. "
    queues = {"AlertsLost": sender.lost, **({"AlertsUnposted": sender.webhooks.unposted} if sender.webhooks else {})}
    return [
        *(
            Watch(name=name, advice=f"{lost}docs/alerts.md says what this queue holds.", metric=_waiting(queue))
            for name, queue in queues.items()
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
            metric=audit_metric("SubscriptionsUnconfirmed", service="send_digest", statistic="Maximum", period=HOUR),
            periods=3,
        ),
        *(
            _refused(topic, name=name)
            for name, topic in zip(("SubscriberRefuses", "ChatRefuses"), topics, strict=False)
        ),
    ]


def schedule_watches() -> list[Watch]:
    """The schedule itself: nothing else would miss a digest that was never made.

    Both functions make two rounds an hour. After a first deployment this rings until the first hour is over.
    """
    again = "are the rules in EventBridge enabled? Runs that failed are in the queue `Lost`."
    return [
        Watch(
            name="DigestsMissed",
            advice=f"For three hours no digest was looked for: {again}",
            metric=audit_metric("RoundsDone", service="send_digest", period=HOUR),
            threshold=ROUNDS_AN_HOUR,
            periods=3,
            is_pulse=True,
        ),
        Watch(
            name="WatchMissed",
            advice=f"For three hours nobody has looked for silence and late reviews: {again}",
            metric=audit_metric("RoundsDone", service="keep_watch", period=HOUR),
            threshold=ROUNDS_AN_HOUR,
            periods=3,
            is_pulse=True,
        ),
    ]


def _refused(topic: sns.Topic, *, name: str) -> Watch:
    return Watch(
        name=name,
        advice="A queue, function, address or chat behind the topic does not take what it is sent: is it still there?",
        metric=topic.metric_number_of_notifications_failed(period=FIVE_MINUTES, statistic="Sum"),
    )


def _waiting(queue: sqs.Queue) -> cloudwatch.Metric:
    return queue.metric_approximate_number_of_messages_visible(period=FIVE_MINUTES, statistic="Maximum")
