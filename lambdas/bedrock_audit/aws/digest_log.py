"""What waits for digests, and how far each channel has heard, read from the ledger table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedrock_audit.alerts.waiting import Waiting
from bedrock_audit.aws.dynamodb.requests import Requests, Stretch
from bedrock_audit.aws.items import key_item, text
from bedrock_audit.aws.tables import Key
from bedrock_audit.aws.waiting_items import held_in, waiting_from
from bedrock_audit.recording.join import stamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOLD = "told-until"
HOUR = timedelta(hours=1)


class DigestLogTable:
    """A DigestLog in the ledger table."""

    def __init__(self, client: DynamoDBClient, *, table: str, sleep: Callable[[float], None]) -> None:
        self._requests = Requests(client, sleep=sleep)
        self._table = table

    def waiting(self, since: datetime, until: datetime, /) -> Iterator[Waiting]:
        """What was held in the hours, an hour after the other."""
        while since < until:
            for partition in held_in(since):
                yield from map(waiting_from, self._requests.stretch(Stretch(table=self._table, partition=partition)))
            since += HOUR

    def told_until(self, channel: str, /) -> datetime | None:
        """The end of the last digest of the channel."""
        item = self._requests.item(self._table, _key(channel))
        return datetime.fromisoformat(item["until"]["S"]) if item else None

    def note_told(self, channel: str, /, *, until: datetime) -> None:
        """Note it; there is one item for each channel."""
        self._requests.put(self._table, {**key_item(_key(channel)), "kind": text(TOLD), "until": text(stamp(until))})


def _key(channel: str) -> Key:
    return Key(partition=f"{TOLD}#{channel}", sort=TOLD)
