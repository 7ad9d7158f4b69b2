"""Lets a message that failed come again soon: a queue by itself would hide it for as long as six runs may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from needs import AuditorSettings
from observability import logger

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LONGEST_SECONDS = 900


def try_again_soon(sqs: SQSClient, needs: AuditorSettings, *, receipt: str, attempt: int) -> None:
    """Have the message come again, later after each attempt; the first attempt is number 1.

    Where that cannot be done it still comes, when the queue shows it again.
    """
    seconds = min(needs.retry_seconds * 2 ** (attempt - 1), LONGEST_SECONDS)
    try:
        sqs.change_message_visibility(QueueUrl=needs.queue, ReceiptHandle=receipt, VisibilityTimeout=seconds)
    except (ClientError, BotoCoreError) as error:
        logger().warning("A message that failed will come again later than it could", error=str(error))
