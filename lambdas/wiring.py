"""Puts the parts of a function together from its settings, once per process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.aws.tables import TableNames
from bedrock_audit.detect import Detector
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.pipeline import Engine
from bedrock_audit.policy import load_policy
from bedrock_audit.ports import Stores
from needs import EngineSettings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

HERE = Path(__file__).parent


@cache
def engine(needs: EngineSettings) -> Engine:
    """The engine on the deployed tables, with nowhere yet to fetch bodies from."""
    return Engine(
        detector=_detector(needs.clauses), stores=stores(needs), bodies=NoBodies(), clock=lambda: datetime.now(UTC)
    )


@cache
def stores(needs: EngineSettings) -> Stores:
    """The deployed tables alone, for who does not detect anything."""
    client = boto3.client("dynamodb", config=PATIENT)
    tables = TableNames(findings=needs.findings_table, use_cases=needs.use_cases_table, ledger=needs.ledger_table)
    return dynamodb_stores(client, tables, retention=timedelta(days=needs.finding_days))


@cache
def _detector(clauses: str) -> Detector:
    return Detector(load_policy(HERE / clauses if clauses else None))


@cache
def s3() -> S3Client:
    """The client for logs and bodies."""
    return boto3.client("s3", config=PATIENT)


@cache
def sqs() -> SQSClient:
    """The client for queues."""
    return boto3.client("sqs", config=PATIENT)
