"""No partition of the deployed stores gets hot: simulated on the keys of the very items that would be written."""

from __future__ import annotations

import pytest
from benchmarks.key_spread import PARTITION_LIMIT, busiest, many_findings, one_busy_finding, one_busy_use_case

from bedrock_audit.aws.tables import SHARDS, partitions, shard, sharded

LOADS = {
    "1,000 findings a second of one clause": many_findings(per_second=1000, seconds=2),
    "1,000 occurrences a second of one finding": one_busy_finding(per_second=1000, seconds=2, per_object=100),
    "1,000 uses a second of one use case": one_busy_use_case(per_second=1000, seconds=2, per_object=100),
}


@pytest.mark.parametrize("writes", LOADS.values(), ids=LOADS)
def test_the_busiest_partition_stays_cold(writes):
    places = busiest(writes)

    assert {
        place.where: place.units_per_second for place in places if place.units_per_second > PARTITION_LIMIT / 5
    } == {}


def test_every_item_is_listed_in_one_of_the_partitions_that_are_asked():
    keys = [sharded("disinformation", f"v-{number}") for number in range(1000)]

    assert set(keys) == set(partitions("disinformation"))
    assert len(partitions("disinformation")) == SHARDS


def test_the_shard_of_an_identity_never_changes():
    """Items already stored are found by it."""
    assert [shard(f"v-{number}") for number in range(6)] == ["03", "05", "15", "09", "10", "12"]
