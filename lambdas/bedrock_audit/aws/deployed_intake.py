"""The intake of a deployed stack in one hand: what is in the log bucket, the queues, and what was audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedrock_audit.aws import open_stores
from bedrock_audit.aws.audit_queue import AuditQueue
from bedrock_audit.aws.backfill import LogPlace, PastLogs
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.deployment import Deployment
from bedrock_audit.aws.tables import TableNames
from bedrock_audit.ports import Ledger
from bedrock_audit.record import Value

if TYPE_CHECKING:
    import boto3


class DeployedIntake(Value, frozen=True):
    """`past` are the logs that are there, `queue` what is to be audited, `parked` what was given up."""

    past: PastLogs
    queue: AuditQueue
    parked: AuditQueue
    ledger: Ledger


def deployed_intake(session: boto3.Session, found: Deployment) -> DeployedIntake:
    """The intake of the stack that was found, with the session's permissions."""
    sqs = session.client("sqs", config=PATIENT)
    tables = TableNames(findings=found.findings_table, use_cases=found.use_cases_table, ledger=found.ledger_table)
    return DeployedIntake(
        past=PastLogs(session.client("s3", config=PATIENT), LogPlace(bucket=found.log_bucket, prefix=found.log_prefix)),
        queue=AuditQueue(sqs, found.queue),
        parked=AuditQueue(sqs, found.parked_queue),
        ledger=open_stores(tables, session).ledger,
    )
