"""Alerts of what the findings table's stream says is news; what a channel does not take comes again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from alert_needs import AlertSettings
from alert_wiring import alert_log, channels, routes_in_force
from audit_metrics import count
from bedrock_audit.alerts.dispatch import dispatch
from bedrock_audit.aws.finding_stream import alert_of
from observability import logger, observed, told_safely
from settings import settings_of


class AlertFailedError(Exception):
    """A channel did not take an alert; the stream brings it again."""


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """A batch of the stream in, the records that failed out: Lambda goes on from the first of them.

    Raises if all failed, so that it counts as an error of the function.
    """
    needs = settings_of(AlertSettings)
    count(FindingsChanged=len(event["Records"]))

    def safely(record: DynamoDBRecord) -> None:
        try:
            _tell(record.raw_event, needs)
        except Exception as error:  # noqa: BLE001 - told without its text, and raised
            told = told_safely(error)
            count(AlertsFailed=1)
            logger().error("An alert could not be sent", error=told)
            raise AlertFailedError(told) from None

    processor = BatchProcessor(event_type=EventType.DynamoDBStreams)
    return process_partial_response(event=event, record_handler=safely, processor=processor, context=context)


def _tell(record: dict[str, Any], needs: AlertSettings) -> None:
    told = alert_of(record, reach=needs.reach)
    if told is None:
        return
    log = alert_log(needs.ledger_table)
    became = dispatch(told, routes_in_force(needs), channels=channels(needs), log=log, now=datetime.now(UTC))
    name = "".join(word.capitalize() for word in became.split("-"))
    count(**{f"Alerts{name}": 1})
    logger().info("A finding changed", finding=told.finding.id, cause=told.cause, became=became)
