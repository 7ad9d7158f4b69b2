"""The intake of a deployed stack in one hand: what is in the log bucket, the queues, and what was audited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bedrock_audit.aws import open_stores
from bedrock_audit.aws.audit_queue import AuditQueue
from bedrock_audit.aws.backfill import LogPlace, PastLogs
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.deployment import Deployment
from bedrock_audit.aws.log_landing import Delivery, landed
from bedrock_audit.aws.tables import TableNames
from bedrock_audit.ports import Ledger
from bedrock_audit.record import Value

if TYPE_CHECKING:
    import boto3


class DeployedIntake(Value, frozen=True):
    """`past` are the logs that are there, `queue` what is to be audited, `parked` what was given up.

    `land` puts events of a log group into the log bucket, which announces them, and returns their key.
    """

    past: PastLogs
    queue: AuditQueue
    parked: AuditQueue
    ledger: Ledger
    land: Callable[[Delivery], str | None]


def deployed_intake(session: boto3.Session, found: Deployment) -> DeployedIntake:
    """The intake of the stack that was found, with the session's permissions."""
    sqs, s3 = session.client("sqs", config=PATIENT), session.client("s3", config=PATIENT)
    tables = TableNames(findings=found.findings_table, use_cases=found.use_cases_table, ledger=found.ledger_table)
    return DeployedIntake(
        past=PastLogs(s3, LogPlace(bucket=found.log_bucket, prefix=found.log_prefix)),
        queue=AuditQueue(sqs, found.queue),
        parked=AuditQueue(sqs, found.parked_queue),
        ledger=open_stores(tables, session).ledger,
        land=lambda events: landed(events, s3, bucket=found.log_bucket, log_prefix=found.log_prefix),
    )
