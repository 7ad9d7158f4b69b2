"""The ports on three DynamoDB tables (see `aws/tables.py` for their keys and docs/storage.md for why)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bedrock_audit.aws.dynamodb.findings import DynamoFindings
from bedrock_audit.aws.dynamodb.ledger import DynamoLedger
from bedrock_audit.aws.dynamodb.registry import DynamoSuppressions, DynamoUseCases
from bedrock_audit.aws.dynamodb.requests import Requests
from bedrock_audit.aws.dynamodb.reviews import DynamoReviews
from bedrock_audit.aws.dynamodb.usage_writing import UsageWriting
from bedrock_audit.aws.dynamodb.writing import DynamoBacking
from bedrock_audit.aws.tables import TableNames
from bedrock_audit.ports import Stores
from bedrock_audit.recording import Unit

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_GATHERED = 100
"""A second or two of writing at the most, so that a function that runs out of time still gets it done."""


def dynamodb_stores(
    client: DynamoDBClient,
    tables: TableNames,
    *,
    retention: timedelta | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Stores:
    """The stores in these tables; what may expire does so after `retention`, None keeps everything.

    The client stays the caller's: closing the stores does not close it.
    """
    requests = Requests(client, sleep=sleep)
    backing = DynamoBacking(requests, tables, retention=retention)
    usages = UsageWriting(requests, tables.ledger, retention=retention)
    unit = Unit(backing, most=MOST_GATHERED)
    return Stores(
        findings=DynamoFindings(requests, tables.findings, backing=backing, unit=unit),
        use_cases=DynamoUseCases(requests, tables.use_cases),
        suppressions=DynamoSuppressions(requests, tables.use_cases),
        ledger=DynamoLedger(requests, tables.ledger, usages=usages, unit=unit),
        reviews=DynamoReviews(requests, tables.ledger, unit=unit, retention=retention),
    )
