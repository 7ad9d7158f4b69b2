"""Works off a batch of queue messages one by one; those that fail go back to the queue on their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from audit_metrics import count
from observability import logger, told_safely


class MessageFailedError(Exception):
    """A message could not be worked off this time; says why without quoting what was read."""


def worked_off(event: dict[str, Any], context: LambdaContext, *, work: Callable[[SQSRecord], None]) -> Any:
    """The answer to an SQS batch: the messages on which `work` raised.

    One that makes the function crash brings all others back too, so these are not always behind it: fresh ones come
    first, and those tried before in an order that changes with every attempt.
    """

    def safely(record: SQSRecord) -> None:
        try:
            work(record)
        except Exception as error:  # noqa: BLE001 - told without its text, which may quote a prompt, and raised
            told = told_safely(error)
            attempt = record.attributes.approximate_receive_count
            count(MessagesFailed=1)
            logger().error("A message failed", message_id=record.message_id, attempt=attempt, error=told)
            raise MessageFailedError(told) from None

    in_turn = {**event, "Records": sorted(event.get("Records", []), key=_turn)}
    return process_partial_response(
        event=in_turn, record_handler=safely, processor=BatchProcessor(event_type=EventType.SQS), context=context
    )


def _turn(record: dict[str, Any]) -> tuple[int, int]:
    attempt = int(record.get("attributes", {}).get("ApproximateReceiveCount") or 1)
    return attempt, crc32(f"{record.get('messageId')} {attempt}".encode()) if attempt > 1 else 0
