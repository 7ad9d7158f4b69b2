"""What has been said to whom, as items of the ledger table: one per message, one counter per hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedrock_audit.aws.dynamodb.requests import LostRaceError, Requests
from bedrock_audit.aws.items import expiring, key_item, number, text
from bedrock_audit.aws.tables import EXPIRES, PARTITION, Key
from bedrock_audit.recording import stamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

SAID = "said"
HOUR = "alerts-of-hour"
KEPT = timedelta(days=60)
"""Longer than a stream record (a day) and a parked message (14 days) can come back."""


class DynamoAlertLog:
    """An AlertLog in the ledger table; both writes of `said` are one transaction, so the count is exact."""

    def __init__(self, client: DynamoDBClient, *, table: str, sleep: Callable[[float], None]) -> None:
        self._requests = Requests(client, sleep=sleep)
        self._table = table

    def was_said(self, key: str, /) -> bool:
        """Whether a message with this key was noted."""
        return self._requests.item(self._table, _message(key)) is not None

    def said(self, key: str, /, *, hour: str, at: datetime) -> None:
        """Note a message once and count it for its hour."""
        try:
            self._requests.transact([self._note(key, at=at), self._count(hour, at=at)])
        except LostRaceError:
            return  # somebody else has noted it, and counted it

    def pages_in(self, hour: str, /) -> int:
        """How many messages were noted for the hour."""
        item = self._requests.item(self._table, _hour(hour))
        return int(item["count"]["N"]) if item else 0

    def _note(self, key: str, *, at: datetime) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self._table,
                "Item": {
                    **key_item(_message(key)),
                    "kind": text(SAID),
                    "at": text(stamp(at)),
                    **expiring(at, KEPT),
                },
                "ConditionExpression": f"attribute_not_exists({PARTITION})",
            }
        }

    def _count(self, hour: str, *, at: datetime) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._table,
                "Key": key_item(_hour(hour)),
                "UpdateExpression": "ADD #count :one SET #expires = :expires",
                "ExpressionAttributeNames": {"#count": "count", "#expires": EXPIRES},
                "ExpressionAttributeValues": {":one": number(1), ":expires": expiring(at, KEPT)[EXPIRES]},
            }
        }


def _message(key: str) -> Key:
    return Key(partition=f"{SAID}#{key}", sort=SAID)


def _hour(hour: str) -> Key:
    return Key(partition=f"{HOUR}#{hour}", sort=HOUR)
