"""Records the human reviews that applications tell of in events; what tells of none is kept by the queue."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from audit_metrics import count
from bedrock_audit.aws.review_events import review_of
from message_batch import worked_off
from needs import EngineSettings
from observability import observed
from settings import settings_of
from wiring import stores


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """A batch of events in, those that could not be recorded out."""
    reviews = stores(settings_of(EngineSettings)).reviews

    def record(message: SQSRecord) -> None:
        is_new = reviews.record(review_of(message.body, now=datetime.now(UTC)))
        count(ReviewsRecorded=int(is_new))

    return worked_off(event, context, work=record)
