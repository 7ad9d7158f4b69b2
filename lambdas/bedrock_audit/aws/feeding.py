"""Feeds log objects into the audit queue no faster than they are worked off, so that fresh ones need not wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from bedrock_audit.aws.audit_queue import BATCH, AuditQueue
from bedrock_audit.aws.queue_messages import QueuedObject
from bedrock_audit.finding import Origin
from bedrock_audit.ports import LogObject
from bedrock_audit.record import Value

BETWEEN_LOOKS = 2.0


class Pace(Value, frozen=True):
    """At most `per_second` objects are sent in a second, and none while `in_flight` or more are in the queue."""

    per_second: float
    in_flight: int


def fed(
    logs: Iterable[LogObject], queue: AuditQueue, *, pace: Pace, sleep: Callable[[float], None] = time.sleep
) -> Iterator[list[LogObject]]:
    """Send the objects, marked as a backfill; yields each batch once SQS has it."""
    for batch in _batches(logs):
        while queue.depth() >= pace.in_flight:
            sleep(BETWEEN_LOOKS)
        queue.send([QueuedObject(log=log, origin=Origin.BACKFILL) for log in batch])
        yield batch
        sleep(len(batch) / pace.per_second)


def _batches(logs: Iterable[LogObject]) -> Iterator[list[LogObject]]:
    batch: list[LogObject] = []
    for log in logs:
        batch.append(log)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
