"""Audits queued objects within the time of one function run, and queues what is left of them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from audit_metrics import tell_audited, tell_no_log
from bedrock_audit.aws.log_objects import S3Logs
from bedrock_audit.aws.offloaded_bodies import LATEST_ARRIVAL, S3Bodies
from bedrock_audit.aws.queue_messages import QueuedObject, message, queued_object, send
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.intake import recovered, taken_in
from budget import Budget
from needs import AuditorSettings
from wiring import engine, s3, sqs


class AuditRun:
    """One run of the function; a quarter of its time is kept for writing down what was found."""

    def __init__(self, needs: AuditorSettings, *, remaining_ms: Callable[[], int]) -> None:
        self._needs = needs
        self._remaining_ms = remaining_ms
        self._reserve_ms = remaining_ms() / 4

    def audit(self, body: str, *, attempt: int) -> None:
        """Audit the object that a message names as far as time allows; the first attempt is number 1."""
        queued = queued_object(body)
        if not queued.is_log:
            tell_no_log(queued)
            return
        at_work = msgspec.structs.replace(engine(self._needs), bodies=self._bodies(queued))
        has_all_time = self._spare_ms() > self._reserve_ms * 2
        budget = Budget(lambda: self._spare_ms() > 0, is_careful=attempt > 1)
        row = taken_in(
            queued.log, engine=at_work, objects=S3Logs(s3()), origin=queued.origin, out_of_time=budget.is_spent
        )
        tell_audited(row, queued, entries=budget.entries)
        if row.next_line is not None and has_all_time and not budget.entries:
            raise BedrockAuditError(f"a whole run is too short to get to line {row.next_line} and audit it")
        if row.next_line is not None:
            send(sqs(), self._needs.queue, message(queued))
        elif queued.is_redriven:
            recovered(queued.log, engine=at_work)

    def _spare_ms(self) -> float:
        return self._remaining_ms() - self._reserve_ms

    def _bodies(self, queued: QueuedObject) -> S3Bodies:
        """Bodies of fresh objects may still be on the way; they are waited for as long as this run can."""
        now = datetime.now(UTC)
        latest = (queued.log.modified or now) + LATEST_ARRIVAL
        until = min(latest, now + timedelta(milliseconds=self._spare_ms()))
        return S3Bodies(s3(), places=self._needs.body_places, wait_until=until)
