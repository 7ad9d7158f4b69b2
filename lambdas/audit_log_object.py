"""Audits the log objects that a batch of queue messages names."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from audit_run import AuditRun
from message_batch import worked_off
from needs import AuditorSettings
from observability import observed
from settings import settings_of


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """An SQS batch in, the messages that failed out."""
    run = AuditRun(settings_of(AuditorSettings), remaining_ms=context.get_remaining_time_in_millis)

    def audit(message: SQSRecord) -> None:
        run.audit(message.body, attempt=int(message.attributes.approximate_receive_count or 1))

    return worked_off(event, context, work=audit)
