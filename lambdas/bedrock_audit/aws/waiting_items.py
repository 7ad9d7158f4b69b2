"""What waits for a digest as items of the ledger table, one per hour and finding, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from bedrock_audit.alerts.waiting import Group, Waiting
from bedrock_audit.aws.items import document, expiring, key_item, number, text
from bedrock_audit.aws.tables import EXPIRES, SORT, Key, partitions, sharded

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UpdateItemInputTypeDef

WAITING = "waiting"
KEPT = timedelta(days=7)
_GROUP = msgspec.json.Decoder(Group)
_NAMES = ("kind", "group", "before", "after", "channels", "news", "storm")


def holding(waiting: Waiting, *, table: str, at: datetime) -> UpdateItemInputTypeDef:
    """The write that keeps it for the digest of its hour, joined to what is kept of the same finding already.

    Doing it twice changes nothing: the first `before`, the last `after`, all channels.
    """
    flags = {"news": waiting.is_news, "storm": waiting.is_storm}
    sets = ["#kind = :kind", "#group = :group", "#after = :after", f"#{EXPIRES} = :{EXPIRES}"]
    sets += ["#before = if_not_exists(#before, :before)"]
    sets += [f"#{name} = :{name}" for name, holds in flags.items() if holds]
    values: dict[str, Any] = {
        ":kind": text(WAITING),
        ":group": document(waiting.group),
        ":before": number(waiting.before),
        ":after": number(waiting.after),
        ":channels": {"SS": list(waiting.channels)},
        f":{EXPIRES}": expiring(at, KEPT)[EXPIRES],
        **{f":{name}": {"BOOL": True} for name, holds in flags.items() if holds},
    }
    update = f"SET {', '.join(sets)} ADD #channels :channels"
    used = [name for name in (*_NAMES, EXPIRES) if f"#{name}" in update]
    return {
        "TableName": table,
        "Key": key_item(Key(partition=sharded(_hour(at), waiting.finding), sort=waiting.finding)),
        "UpdateExpression": update,
        "ExpressionAttributeNames": {f"#{name}": name for name in used},
        "ExpressionAttributeValues": values,
    }


def waiting_from(item: Mapping[str, Any]) -> Waiting:
    """What an item keeps."""
    return Waiting(
        finding=item[SORT]["S"],
        group=_GROUP.decode(item["group"]["S"]),
        channels=tuple(sorted(item["channels"]["SS"])),
        before=int(item["before"]["N"]),
        after=int(item["after"]["N"]),
        is_news="news" in item,
        is_storm="storm" in item,
    )


def held_in(hour: datetime) -> list[str]:
    """The partitions in which everything stands that was held in this hour."""
    return partitions(_hour(hour))


def _hour(time: datetime) -> str:
    return f"{WAITING}#{time.astimezone(UTC):%Y-%m-%dT%H}"
