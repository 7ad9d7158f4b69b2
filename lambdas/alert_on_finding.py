"""Alerts of what the findings table's stream says is news; what a channel does not take comes again."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from alert_desk import AlertDesk
from needs import AlertSettings
from observability import logger, observed, told_safely
from settings import settings_of


class AlertFailedError(Exception):
    """A channel did not take an alert; the stream brings it again."""


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """A batch of the stream in, the first record that failed out."""
    desk = AlertDesk(settings_of(AlertSettings))

    def tell(record: DynamoDBRecord) -> None:
        try:
            desk.tell(record.raw_event)
        except Exception as error:  # noqa: BLE001 - told without its text, and raised
            told = told_safely(error)
            logger().error("An alert could not be sent", error=told)
            raise AlertFailedError(told) from None

    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    return process_partial_response(event=event, record_handler=tell, processor=processor, context=context)
