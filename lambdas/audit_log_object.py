"""Audits the log objects that a batch of queue messages names."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from audit_run import AuditRun
from message_batch import worked_off
from needs import AuditorSettings
from observability import observed
from retries import try_again_soon
from settings import settings_of
from wiring import sqs


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """An SQS batch in, the messages that failed out."""
    needs = settings_of(AuditorSettings)
    run = AuditRun(needs, remaining_ms=context.get_remaining_time_in_millis)

    def audit(message: SQSRecord) -> None:
        attempt = int(message.attributes.approximate_receive_count or 1)
        try:
            run.audit(message.body, attempt=attempt)
        except Exception:
            try_again_soon(sqs(), needs, receipt=message.receipt_handle, attempt=attempt)
            raise

    return worked_off(event, context, work=audit)
