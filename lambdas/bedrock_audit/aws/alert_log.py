"""What has been said to whom, as items of the ledger table: one per message, one counter per hour or group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedrock_audit.alerts.waiting import Waiting
from bedrock_audit.aws.dynamodb.requests import LostRaceError, Requests, put, put_once
from bedrock_audit.aws.items import expiring, key_item, number, text
from bedrock_audit.aws.tables import EXPIRES, Key
from bedrock_audit.aws.waiting_items import holding
from bedrock_audit.recording.join import stamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from bedrock_audit.aws.items import Item

ALERTS = "alerts"
INTENDED = "intended#"
KEPT = timedelta(days=7)
"""Longer than a record of the stream can come back, which is a day; shorter than findings are kept, so that a finding
that was deleted after its time and is made again alerts again."""


class AlertLogTable:
    """An AlertLog in the ledger table; a message and its counters are noted in one transaction, so counts are exact."""

    def __init__(self, client: DynamoDBClient, *, table: str, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._requests = Requests(client, sleep=sleep)
        self._table = table

    def counts(self, keys: Iterable[str], /) -> Mapping[str, int]:
        """How often each key was noted or counted, read together."""
        names = {_key(name): name for name in keys}
        found = self._requests.items(self._table, names)
        return {names[key]: int(item["count"]["N"]) for key, item in found.items()}

    def intend(self, key: str, /, *, counters: Sequence[str], at: datetime) -> None:
        """Write that a message is about to be sent, by the very requests that will note it: what refuses one of them
        refuses it now."""
        message = put(self._table, _message(f"{INTENDED}{key}", at=at))
        self._requests.transact([message, *(self._count(f"{INTENDED}{counter}", at=at) for counter in counters)])

    def note(self, key: str, /, *, counters: Sequence[str], at: datetime) -> None:
        """Note a message once, and count it under each counter."""
        message = put_once(self._table, _message(key, at=at))
        try:
            self._requests.transact([message, *(self._count(counter, at=at) for counter in counters)])
        except LostRaceError:
            return  # somebody else has noted it, and counted it

    def hold(self, waiting: Waiting, /, *, at: datetime) -> None:
        """Keep something for the digest of the hour."""
        self._client.update_item(**holding(waiting, table=self._table, at=at))

    def _count(self, counter: str, *, at: datetime) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._table,
                "Key": key_item(_key(counter)),
                "UpdateExpression": "ADD #count :one SET #kind = :kind, #expires = :expires",
                "ExpressionAttributeNames": {"#count": "count", "#kind": "kind", "#expires": EXPIRES},
                "ExpressionAttributeValues": {
                    ":one": number(1),
                    ":kind": text(ALERTS),
                    ":expires": expiring(at, KEPT)[EXPIRES],
                },
            }
        }


def _message(key: str, *, at: datetime) -> Item:
    item = {**key_item(_key(key)), "kind": text(ALERTS), "count": number(1), "at": text(stamp(at))}
    return {**item, **expiring(at, KEPT)}


def _key(name: str) -> Key:
    return Key(partition=f"{ALERTS}#{name}", sort=ALERTS)
