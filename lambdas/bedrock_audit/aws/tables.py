"""The tables of a deployed stack as data: keys, indexes, what expires; knows neither boto3 nor CDK.

The stack and the tests both build their tables from here, so that no index exists in one and not in the other. Every
key is a string, every table is paid per request.
"""

from __future__ import annotations

from zlib import crc32

from bedrock_audit.record import Value

PARTITION = "pk"
SORT = "sk"
EXPIRES = "expires"
"""Time-to-live attribute of every table, in seconds since 1970; absent on what must not vanish by itself."""

SHARDS = 16
"""How many partitions one value of an index is spread over; see docs/storage.md for what that carries."""


class Key(Value, frozen=True):
    """An item's primary key."""

    partition: str
    sort: str


class Index(Value, frozen=True):
    """A global secondary index. `included` are the attributes copied into it beside the keys, None for all of them."""

    name: str
    partition: str
    sort: str
    included: tuple[str, ...] | None = None


class Table(Value, frozen=True):
    """A table with partition key `pk` and sort key `sk`; `streams` says whether old and new images are streamed."""

    name: str
    indexes: tuple[Index, ...] = ()
    streams: bool = False


FILTERED = ("status", "verdict", "clause", "rank", "account", "principal", "use_case")
"""What a query may ask for beside an index's own key, copied into the index so that what is not wanted is not read."""

BY_STATUS = Index(name="by-status", partition="by_status", sort="seen", included=FILTERED)
BY_CLAUSE = Index(name="by-clause", partition="by_clause", sort="seen", included=FILTERED)
BY_PRINCIPAL = Index(name="by-principal", partition="by_principal", sort="seen", included=FILTERED)
BY_USE_CASE = Index(name="by-use-case", partition="by_use_case", sort="seen", included=FILTERED)
BY_FINDING = Index(name="by-finding", partition="by_finding", sort="seen", included=("document",))
BY_TIME = Index(name="by-time", partition="by_time", sort="time")
BY_REVIEW = Index(name="by-review", partition="by_review", sort="due", included=("document",))

FINDINGS = Table(name="findings", indexes=(BY_STATUS, BY_CLAUSE, BY_PRINCIPAL, BY_USE_CASE, BY_FINDING), streams=True)
USE_CASES = Table(name="use-cases")
LEDGER = Table(name="ledger", indexes=(BY_TIME, BY_REVIEW))
TABLES = (FINDINGS, USE_CASES, LEDGER)


class TableNames(Value, frozen=True):
    """What the tables are called in one deployment."""

    findings: str
    use_cases: str
    ledger: str


def shard(identity: str) -> str:
    """Which of an index value's partitions an item belongs to; the same everywhere and for ever."""
    return f"{crc32(identity.encode('utf-8', 'replace')) % SHARDS:02d}"


def sharded(value: str, identity: str) -> str:
    """The partition of an index in which the item with this identity stands under this value."""
    return f"{value}#{shard(identity)}"


def partitions(value: str) -> list[str]:
    """Every partition of an index that may hold items under this value."""
    return [f"{value}#{number:02d}" for number in range(SHARDS)]
