"""Audits the log objects of a batch from the queue; what fails goes back to the queue on its own."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from audit_run import AuditRun
from needs import AuditorSettings
from observability import logger, observed, told_safely
from settings import settings_of


class AuditFailedError(Exception):
    """An object could not be audited this time; says why without quoting what was read."""


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """An SQS batch in, the messages that failed out."""
    run = AuditRun(settings_of(AuditorSettings), remaining_ms=context.get_remaining_time_in_millis)

    def audit(record: SQSRecord) -> None:
        attempt = int(record.attributes.approximate_receive_count or 1)
        try:
            run.audit(record.body, attempt=attempt)
        except Exception as error:  # noqa: BLE001 - told without its text, which may quote a prompt, and raised
            told = told_safely(error)
            logger().error("A message could not be audited", message=record.message_id, attempt=attempt, error=told)
            raise AuditFailedError(told) from None

    return process_partial_response(
        event=event, record_handler=audit, processor=BatchProcessor(event_type=EventType.SQS), context=context
    )
