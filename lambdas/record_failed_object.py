"""Makes a finding of each log object that the auditor had to give up, and parks the message for `redrive`.

What was audited and only came in one batch with an object that made the function crash is no object given up.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from audit_metrics import count
from bedrock_audit.aws.queue_messages import UnknownMessageError, queued_object, send
from bedrock_audit.intake import given_up, is_done, recovered
from bedrock_audit.ports import LogObject
from message_batch import worked_off
from needs import RecorderSettings
from observability import logger, observed
from settings import settings_of
from wiring import engine, sqs


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """A batch of given-up messages in, those that could not be recorded out."""
    needs = settings_of(RecorderSettings)

    def record(failed: SQSRecord) -> None:
        log = _log_of(failed)
        if is_done(log, engine=engine(needs)):
            recovered(log, engine=engine(needs))
            count(ObjectsGivenUp=0)
            logger().info("A log object was audited though its message came back", object=log.name)
            return
        finding = given_up(log, engine=engine(needs), delivery=failed.message_id)
        send(sqs(), needs.parked_queue, failed.body)
        count(ObjectsGivenUp=1)
        logger().warning("A log object was given up", object=log.name, finding=finding)

    return worked_off(event, context, work=record)


def _log_of(failed: SQSRecord) -> LogObject:
    """The object; a message that names none stands for itself, so that it is not lost either."""
    try:
        return queued_object(failed.body).log
    except UnknownMessageError:
        return LogObject(name=f"queue message {failed.message_id}", etag="", size=0)
