"""Names the metrics that the functions tell of their own work."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

NAMESPACE = "BedrockAudit"
FIVE_MINUTES = Duration.minutes(5)


def audit_metric(
    name: str, *, service: str = "audit_log_object", statistic: str = "Sum", period: Duration = FIVE_MINUTES
) -> cloudwatch.Metric:
    """A metric that a function tells of its own work (Powertools adds the service's name as dimension)."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map={"service": service},
        statistic=statistic,
        period=period,
    )
