"""The few requests that the stores make of DynamoDB: complete pages, complete batches, transactions tried again.

Knows nothing of what the items mean. botocore repeats what is throttled as a whole; what DynamoDB hands back in part
(unprocessed keys) or cancels for a passing reason (conflict, throttling) is repeated here, a bounded number of times.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bedrock_audit.aws.items import key_item, number
from bedrock_audit.aws.tables import PARTITION, SORT, Index, Key
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef, PutTypeDef, TransactWriteItemTypeDef

    from bedrock_audit.aws.items import Item

MOST_ATTEMPTS = 10
FIRST_PAUSE = 0.02
LONGEST_PAUSE = 1.0
BATCH = 100
"""Keys in one BatchGetItem, and items in one transaction: DynamoDB's own limits."""
BEFORE_ALL, AFTER_ALL = " ", "~"
PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"})


class LostRaceError(Exception):
    """A condition of a transaction did not hold: somebody else has written; nothing was changed.

    `positions` are those of the writes that could not be made, counted from 0.
    """

    def __init__(self, positions: Sequence[int]) -> None:
        super().__init__(f"the race was lost for {len(positions)} of the writes")
        self.positions = tuple(positions)


class Condition(Value, frozen=True):
    """What an attribute of a found item must be; `is_prefix` asks for strings that begin with the value."""

    attribute: str
    value: str | int
    operator: str = "="
    is_prefix: bool = False


class Stretch(Value, frozen=True):
    """Part of a partition of a table or, if given, of an index: sort keys from `least` to `most`, both included.

    Sort keys that are asked for by bounds begin with a digit or a letter of ASCII. `is_current` asks for every write
    that is done, which an index cannot say.
    """

    table: str
    partition: str
    index: Index | None = None
    least: str | None = None
    most: str | None = None
    conditions: tuple[Condition, ...] = ()
    is_current: bool = False


class Requests:
    """DynamoDB as the stores use it."""

    def __init__(self, client: DynamoDBClient, *, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._sleep = sleep

    def item(self, table: str, key: Key) -> Item | None:
        """The item as of now."""
        return self._client.get_item(TableName=table, Key=key_item(key), ConsistentRead=True).get("Item")

    def put(self, table: str, item: Item) -> None:
        """Write the item, whatever was there."""
        self._client.put_item(TableName=table, Item=item)

    def items(self, table: str, keys: Iterable[Key]) -> dict[Key, Item]:
        """Those of the items that exist, as of now."""
        wanted, found = list(dict.fromkeys(keys)), dict[Key, "Item"]()
        for start in range(0, len(wanted), BATCH):
            found.update(self._batch(table, wanted[start : start + BATCH]))
        return found

    def stretch(self, wanted: Stretch, *, newest_first: bool = False, page: int | None = None) -> Iterator[Item]:
        """The items of a stretch by sort key; at most `page` are read at a time."""
        more: dict[str, Any] = {"Limit": page} if page else {}
        while True:
            answer = self._client.query(**_query(wanted), ScanIndexForward=not newest_first, **more)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            more["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def merged(
        self, stretches: Sequence[Stretch], *, newest_first: bool = False, page: int | None = None
    ) -> Iterator[Item]:
        """The items of several stretches of one index as if they were one."""
        sort = stretches[0].index.sort if stretches[0].index else SORT
        streams = [self.stretch(wanted, newest_first=newest_first, page=page) for wanted in stretches]
        return merge(*streams, key=lambda item: item[sort]["S"], reverse=newest_first)

    def transact(self, writes: Sequence[TransactWriteItemTypeDef]) -> None:
        """All writes or none; raises LostRaceError if one of their conditions does not hold."""
        for attempt in range(MOST_ATTEMPTS):
            try:
                self._client.transact_write_items(TransactItems=writes)
            except self._client.exceptions.TransactionCanceledException as error:
                self._judge(error)
                self.pause(attempt)
            else:
                return
        raise BedrockAuditError("the table is too busy: other writers kept getting in between; it is safe to try again")

    def pause(self, attempt: int) -> None:
        """Wait before trying again, at random so that those who met once do not meet again."""
        self._sleep(random.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)))  # noqa: S311 - not a secret

    def _batch(self, table: str, keys: Sequence[Key]) -> dict[Key, Item]:
        found: dict[Key, Item] = {}
        waiting: Any = {table: {"Keys": [key_item(key) for key in keys], "ConsistentRead": True}}
        for attempt in range(MOST_ATTEMPTS):
            answer = self._client.batch_get_item(RequestItems=waiting)
            got = answer["Responses"].get(table, [])
            found.update({Key(partition=item[PARTITION]["S"], sort=item[SORT]["S"]): item for item in got})
            waiting = answer.get("UnprocessedKeys")
            if not waiting:
                return found
            if not got:  # a full answer of large items is progress, not trouble
                self.pause(attempt)
        raise BedrockAuditError("the table is too busy to read a batch from; it is safe to try again")

    def _judge(self, error: ClientError) -> None:
        """Return if the reasons will pass; a condition that did not hold counts before anything else."""
        reasons: Any = error.response.get("CancellationReasons", [])
        codes = {reason.get("Code") for reason in reasons} - {None, "None"}
        lost = [number for number, reason in enumerate(reasons) if reason.get("Code") == "ConditionalCheckFailed"]
        if lost:
            raise LostRaceError(lost) from error
        if not codes or codes - PASSING:
            raise error


def put(table: str, item: Item) -> TransactWriteItemTypeDef:
    """Part of a transaction: write the item, whatever was there."""
    return {"Put": {"TableName": table, "Item": item}}


def put_once(table: str, item: Item) -> TransactWriteItemTypeDef:
    """Part of a transaction: write the item; the race is lost if there is one already."""
    return put_over(table, item, PARTITION, read=None)


def put_earlier(table: str, item: Item, attribute: str) -> TransactWriteItemTypeDef:
    """Part of a transaction: write the item; the race is lost to one whose `attribute`, a text, is not greater."""
    return _put_where(table, item, attribute, "> :than", than=item[attribute])


def put_over(table: str, item: Item, attribute: str, *, read: int | None) -> TransactWriteItemTypeDef:
    """Part of a transaction: write the item over the one whose `attribute` was read, None if there was none."""
    put: PutTypeDef = {"TableName": table, "Item": item, "ExpressionAttributeNames": {"#a": attribute}}
    if read is None:
        put["ConditionExpression"] = "attribute_not_exists(#a)"
    else:
        put["ConditionExpression"] = "#a = :read"
        put["ExpressionAttributeValues"] = {":read": number(read)}
    return {"Put": put}


def put_if_not_above(table: str, item: Item, attribute: str, *, read: int) -> TransactWriteItemTypeDef:
    """Part of a transaction: write the item; the race is lost to one whose `attribute`, a number, is above `read`."""
    return _put_where(table, item, attribute, "<= :than", than=number(read))


def _put_where(
    table: str, item: Item, attribute: str, comparison: str, *, than: AttributeValueTypeDef
) -> TransactWriteItemTypeDef:
    """Write the item where there is none, or over one whose attribute compares so."""
    return {
        "Put": {
            "TableName": table,
            "Item": item,
            "ConditionExpression": f"attribute_not_exists(#a) OR #a {comparison}",
            "ExpressionAttributeNames": {"#a": attribute},
            "ExpressionAttributeValues": {":than": than},
        }
    }


def _query(wanted: Stretch) -> dict[str, Any]:
    partition, sort = (wanted.index.partition, wanted.index.sort) if wanted.index else (PARTITION, SORT)
    keys = ["#p = :p"]
    names = {"#p": partition}
    values: dict[str, Any] = {":p": {"S": wanted.partition}}
    if wanted.least or wanted.most:
        keys.append("#s BETWEEN :least AND :most")
        names["#s"] = sort
        values |= {":least": {"S": wanted.least or BEFORE_ALL}, ":most": {"S": wanted.most or AFTER_ALL}}
    tests = [_test(condition, number, names, values=values) for number, condition in enumerate(wanted.conditions)]
    return {
        "TableName": wanted.table,
        **({"IndexName": wanted.index.name} if wanted.index else {}),
        "KeyConditionExpression": " AND ".join(keys),
        **({"FilterExpression": " AND ".join(tests)} if tests else {}),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        **({"ConsistentRead": True} if wanted.is_current else {}),
    }


def _test(condition: Condition, number: int, names: dict[str, str], *, values: dict[str, Any]) -> str:
    """The condition as an expression, its name and value added to those of the request."""
    name, value = f"#c{number}", f":c{number}"
    names[name] = condition.attribute
    values[value] = {"S": condition.value} if isinstance(condition.value, str) else {"N": str(condition.value)}
    return f"begins_with({name}, {value})" if condition.is_prefix else f"{name} {condition.operator} {value}"
