"""Places where stores can be opened again and again: in memory, a file, tables on moto or DynamoDB Local."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.aws.tables import PARTITION, SORT, TABLES, Index, Table, TableNames
from bedrock_audit.local import open_stores
from bedrock_audit.ports import Stores
from tests.fakes import FakeStores

KINDS = ("memory", "sqlite", "moto", "dynamodb-local")


class Place:
    """Somewhere findings are kept; what one session has stored, the next one finds."""

    def __init__(self, kind: str, opener: Callable[[], Stores]) -> None:
        self.kind = kind
        self.open = opener


def in_memory() -> Place:
    stores = FakeStores()
    return Place("memory", lambda: stores)


def in_file(path: Path) -> Place:
    return Place("sqlite", lambda: open_stores(path))


def in_tables(kind: str, client: Any) -> Place:
    names = made_tables(client)
    return Place(kind, lambda: dynamodb_stores(client, names, sleep=lambda _seconds: None))


def dynamodb(url: str | None = None) -> Any:
    """A client that nothing outside this machine answers."""
    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 2, "mode": "standard"}, read_timeout=20, max_pool_connections=20),
    )


def made_tables(client: Any) -> TableNames:
    """Fresh tables as `aws/tables.py` defines them."""
    prefix = uuid.uuid4().hex[:8]
    for table in TABLES:
        client.create_table(**creation(table, f"{prefix}-{table.name}"))
    return TableNames(findings=f"{prefix}-findings", use_cases=f"{prefix}-use-cases", ledger=f"{prefix}-ledger")


def creation(table: Table, name: str) -> dict[str, Any]:
    """The definition as the API wants it."""
    keys = {PARTITION, SORT, *(key for index in table.indexes for key in (index.partition, index.sort))}
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _schema(PARTITION, SORT),
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in sorted(keys)],
        **({"GlobalSecondaryIndexes": [_index(index) for index in table.indexes]} if table.indexes else {}),
        **(
            {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}}
            if table.streams
            else {}
        ),
    }


def _index(index: Index) -> dict[str, Any]:
    some = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.included or ())}
    return {
        "IndexName": index.name,
        "KeySchema": _schema(index.partition, index.sort),
        "Projection": {"ProjectionType": "ALL"} if index.included is None else some,
    }


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]
