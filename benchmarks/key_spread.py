"""How evenly the deployed store's keys spread: write units per second on the busiest partition key of each index.

`python -m benchmarks.key_spread` prints the table of docs/storage.md. The items are the ones the store would write; a
write unit is 1 KB, twice that in a transaction; an index entry whose sort key moves is removed and written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil
from typing import Any

from benchmarks.stored_values import a_usage, an_observation

from bedrock_audit.aws.dynamodb.usage_writing import MOST_TOGETHER
from bedrock_audit.aws.items import finding_item, occurrence_item
from bedrock_audit.aws.ledger_items import COUNTS, counters, usage_item
from bedrock_audit.aws.tables import FINDINGS, PARTITION, SORT, Index, sharded
from bedrock_audit.finding import Observation, derived_id
from bedrock_audit.record import Value
from bedrock_audit.recording import Kept, recorded

PARTITION_LIMIT = 1000
"""Write units per second that one DynamoDB partition takes."""


class Write(Value, frozen=True):
    """Write units spent on one partition key of the table or an index within one second."""

    where: str
    key: str
    second: int
    units: int


class Busiest(Value, frozen=True):
    """The most that one partition key of a table or index had to take within a second, and how many keys took part."""

    where: str
    units_per_second: int
    keys: int


def many_findings(*, per_second: int, seconds: int) -> Iterator[Write]:
    """A rogue job: new findings of one clause by one principal, each with its occurrence."""
    for number in range(per_second * seconds):
        second = number // per_second
        observation = an_observation(number, finding_id=derived_id("v", str(number)), second=second)
        yield from _writes(recorded(None, observation, is_new=True), observation, second, is_update=False)


def one_busy_finding(*, per_second: int, seconds: int, per_object: int) -> Iterator[Write]:
    """An unapproved use at scale: occurrences of one finding, written object by object."""
    kept: Kept | None = None
    for number in range(per_second * seconds):
        second = number // per_second
        observation = an_observation(number, finding_id=derived_id("u", "busy"), second=second)
        kept = recorded(kept, observation, is_new=True)
        writes = list(_writes(kept, observation, second, is_update=number >= per_object))
        is_written = number % per_object == per_object - 1
        yield from (write for write in writes if is_written or "occurrence" in write.where)


def one_busy_use_case(*, per_second: int, seconds: int, per_object: int) -> Iterator[Write]:
    """A permitted use at scale: usages of one use case, and its counter once per transaction of an object."""
    for number in range(per_second * seconds):
        second, usage = number // per_second, a_usage(number, second=number // per_second, end_users=500)
        item = dict(usage_item(usage, retention=None))
        yield Write(where="ledger", key=usage.id, second=second, units=2 * units(item))
        yield Write(where="by-time", key=item["by_time"]["S"], second=second, units=units(item))
        if number % min(per_object, MOST_TOGETHER) == 0:
            yield Write(where="ledger", key=sharded(counters(usage.use_case), usage.id), second=second, units=2)
            yield Write(where="by-time", key=sharded(COUNTS, usage.id), second=second, units=1)


def busiest(writes: Iterator[Write]) -> list[Busiest]:
    """Per table and index, its busiest partition key in its busiest second."""
    spent: Counter[tuple[str, str, int]] = Counter()
    for write in writes:
        spent[write.where.removesuffix(" occurrence"), write.key, write.second] += write.units
    places = sorted({where for where, _, _ in spent})
    return [
        Busiest(
            where=place,
            units_per_second=max(units for (where, _, _), units in spent.items() if where == place),
            keys=len({key for where, key, _ in spent if where == place}),
        )
        for place in places
    ]


def units(item: dict[str, Any]) -> int:
    """Write units of an item outside a transaction."""
    size = sum(len(name) + len(str(next(iter(value.values()))).encode()) for name, value in item.items())
    return ceil(size / 1024)


def _writes(kept: Kept, observation: Observation, second: int, *, is_update: bool) -> Iterator[Write]:
    finding = dict(finding_item(kept, changed="new"))
    yield Write(where="table", key=kept.finding.id, second=second, units=2 * units(finding))
    for index in FINDINGS.indexes:
        if index.partition in finding:
            spent = units(_entry(finding, index)) * (2 if is_update else 1)
            yield Write(where=index.name, key=finding[index.partition]["S"], second=second, units=spent)
    if observation.occurrence:
        item = dict(occurrence_item(observation.occurrence))
        yield Write(where="table occurrence", key=item[PARTITION]["S"], second=second, units=2 * units(item))
        listed = item["by_finding"]["S"]
        yield Write(where="by-finding occurrence", key=listed, second=second, units=units(item))


def _entry(item: dict[str, Any], index: Index) -> dict[str, Any]:
    kept = {PARTITION, SORT, index.partition, index.sort, *(index.included or item)}
    return {name: value for name, value in item.items() if name in kept}


def main() -> None:
    """Print the simulations."""
    for title, writes in (
        ("1,000 new findings a second of one clause, by one principal", many_findings(per_second=1000, seconds=20)),
        (
            "1,000 occurrences a second of one finding, 100 in a log object",
            one_busy_finding(per_second=1000, seconds=20, per_object=100),
        ),
        (
            "1,000 permitted uses a second of one use case, 100 in a log object",
            one_busy_use_case(per_second=1000, seconds=20, per_object=100),
        ),
    ):
        print(f"\n{title}\n\n| key of | partition keys | write units a second on the busiest | of the limit |")
        print("|---|---:|---:|---:|")
        for place in busiest(writes):
            share = place.units_per_second / PARTITION_LIMIT
            print(f"| {place.where} | {place.keys:,} | {place.units_per_second} | {share:.0%} |")


if __name__ == "__main__":
    main()
