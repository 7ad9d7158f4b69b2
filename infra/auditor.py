"""From the queue of log objects to stored findings: the function that audits, and what it may touch."""

from __future__ import annotations

from typing import Any

from aws_cdk import Duration
from constructs import Construct

from infra.engine_function import EngineFunction, Workshop
from infra.findings_store import FindingsStore
from infra.log_bucket import LogBucket
from infra.log_intake import GATHERING, OBJECTS_AT_ONCE, RECORDING, LogIntake
from infra.settings import Settings
from infra.use_cases import UseCases
from needs import AuditorSettings, RecorderSettings


class Auditor(Construct):
    """`function` audits objects as they come, `recorder` makes a finding of each that was given up.

    `settings` are those of the engine, for whoever else runs it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        workshop: Workshop,
        logs: LogBucket,
        intake: LogIntake,
        findings: FindingsStore,
        use_cases: UseCases,
    ) -> None:
        super().__init__(scope, construct_id)
        self._workshop = workshop
        self.settings = _engine_settings(workshop.settings, logs=logs, findings=findings, use_cases=use_cases)
        self.function = self._auditor(AuditorSettings(queue=intake.queue.queue_url, **self.settings))
        self.recorder = self._recorder(RecorderSettings(parked_queue=intake.parked.queue_url, **self.settings))
        findings.let_record(self.function)
        findings.let_give_up(self.recorder)
        for function in (self.function, self.recorder):
            use_cases.let_ask(function)
        logs.let_read(self.function)
        intake.queue.let_send(self.function)
        intake.queue.let_retry(self.function)
        intake.parked.let_send(self.recorder)
        at_once = workshop.settings.concurrency or None
        intake.queue.feed(self.function, batch=OBJECTS_AT_ONCE, gathering=GATHERING, at_once=at_once)
        intake.failed.feed(self.recorder, batch=OBJECTS_AT_ONCE, gathering=GATHERING)

    def _auditor(self, needs: AuditorSettings) -> EngineFunction:
        settings = self._workshop.settings
        return EngineFunction(
            self,
            "AuditLogObject",
            workshop=self._workshop,
            handler="audit_log_object",
            description="Audits new objects of Bedrock's invocation log",
            needs=needs,
            timeout=Duration.seconds(settings.timeout_seconds),
            memory_mb=settings.memory_mb,
            reserved=settings.concurrency,
        )

    def _recorder(self, needs: RecorderSettings) -> EngineFunction:
        return EngineFunction(
            self,
            "RecordFailedObject",
            workshop=self._workshop,
            handler="record_failed_object",
            description="Makes a finding of each log object that could not be audited, and parks it",
            needs=needs,
            timeout=RECORDING,
        )


def _engine_settings(
    settings: Settings, *, logs: LogBucket, findings: FindingsStore, use_cases: UseCases
) -> dict[str, Any]:
    others = (f"s3://{settings.large_data_bucket}/",) if settings.large_data_bucket else ()
    return {
        "findings_table": findings.findings.table_name,
        "use_cases_table": use_cases.table.table_name,
        "ledger_table": findings.ledger.table_name,
        "finding_days": settings.finding_retention_days,
        "body_places": (f"s3://{logs.bucket.bucket_name}/{settings.log_prefix}AWSLogs/", *others),
        "clauses": "clauses" if settings.clauses else "",
    }
