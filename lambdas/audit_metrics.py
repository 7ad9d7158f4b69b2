"""Tells logs and metrics how the audit of an object went: counts and times, never content."""

from __future__ import annotations

from datetime import UTC, datetime

from aws_lambda_powertools.metrics import MetricUnit

from bedrock_audit.aws.queue_messages import QueuedObject
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Origin
from observability import logger, metrics


def tell_audited(row: LedgerRow, queued: QueuedObject, *, entries: int) -> None:
    """What this run did with the object; nothing is counted twice when an object comes again or goes on.

    The lag is that of the oldest invocation in it, from the call to its findings: what people took up later on purpose,
    a backfill or what once had failed, has none.
    """
    count(Entries=entries)
    if entries and row.next_line is None:
        coverage = row.coverage
        count(ObjectsAudited=1, RecordsUnreadable=coverage.unreadable, RecordsUnscanned=coverage.unscanned)
        called = row.first or queued.log.modified
        if called and queued.origin is Origin.LIVE and not queued.is_redriven:
            lag = max(0.0, (datetime.now(UTC) - called).total_seconds())
            metrics().add_metric(name="AuditLag", unit=MetricUnit.Seconds, value=lag)
    logger().info(
        "A log object was audited" if row.next_line is None else "A log object goes on in another run",
        object=row.key,
        entries=entries,
        next_line=row.next_line,
        origin=queued.origin,
    )


def tell_no_log(queued: QueuedObject) -> None:
    """An object that only lies beside the logs was let through by the rule."""
    count(ObjectsBesideTheLog=1)
    logger().debug("Not a log object", object=queued.log.name)


def count(**counts: int) -> None:
    """Add to the metrics of these names."""
    for name, value in counts.items():
        metrics().add_metric(name=name, unit=MetricUnit.Count, value=value)
