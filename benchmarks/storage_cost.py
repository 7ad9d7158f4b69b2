"""What the deployed stores cost per million audited records, measured on AWS's DynamoDB Local.

`python -m benchmarks.storage_cost` audits made-up objects (nothing but the stores runs), adds up the capacity that
DynamoDB reports for every request, indexes included, and prints the table of docs/storage.md.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from benchmarks.stored_values import a_row, a_usage, an_object, an_observation

from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.finding import derived_id
from bedrock_audit.ports import Stores
from tests.stores import dynamodb_local
from tests.stores.places import dynamodb, made_tables

OBJECTS = 200
RECORDS_EACH = 100
VIOLATIONS_EACH = 1
UNAPPROVED_EACH = 2
UNAPPROVED_USES = 5
PERMITTED_EACH = 5
END_USERS = 300
DOLLARS_PER_MILLION_WRITES = 0.625
DOLLARS_PER_MILLION_READS = 0.125
"""On-demand request units in us-east-1 as AWS has published them since November 2024."""


class Meter:
    """Adds up the capacity of every request that a client makes."""

    def __init__(self, client: Any) -> None:
        self.units: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        client.meta.events.register("provide-client-params.dynamodb", self._ask)
        client.meta.events.register("after-call.dynamodb", self._add)

    def _ask(self, params: dict[str, Any], model: Any, **_: object) -> None:
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "TOTAL"

    def _add(self, parsed: dict[str, Any], model: Any, **_: object) -> None:
        consumed = parsed.get("ConsumedCapacity", [])
        self.requests[model.name] += 1
        for part in consumed if isinstance(consumed, list) else [consumed]:
            self.units[model.name] += part["CapacityUnits"]


def audit(stores: Stores, number: int) -> None:
    """What the route asks of the stores for one log object."""
    stores.use_cases.registry()
    stores.suppressions.all()
    stores.ledger.row(an_object(number))
    with stores.findings.unit():
        for place in range(VIOLATIONS_EACH):
            request = number * RECORDS_EACH + place
            stores.findings.record(an_observation(request, finding_id=derived_id("v", str(request)), second=number))
        for place in range(UNAPPROVED_EACH):
            request = number * RECORDS_EACH + 10 + place
            finding_id = derived_id("u", str(request % UNAPPROVED_USES))
            stores.findings.record(an_observation(request, finding_id=finding_id, second=number))
        for place in range(PERMITTED_EACH):
            request = number * RECORDS_EACH + 20 + place
            stores.ledger.record_usage(a_usage(request, second=number, end_users=END_USERS))
        stores.ledger.save(a_row(number, records=RECORDS_EACH))


def main() -> None:
    """Print requests, units and dollars, scaled up to a million records."""
    with dynamodb_local.running() as url:
        client = dynamodb(url)
        tables = made_tables(client)
        meter = Meter(client)
        stores = dynamodb_stores(client, tables)
        for number in range(OBJECTS):
            audit(stores, number)
    factor = 1_000_000 / (OBJECTS * RECORDS_EACH)
    dollars = 0.0
    print("| request | requests | units | dollars |\n|---|---:|---:|---:|")
    for name, units in sorted(meter.units.items()):
        price = DOLLARS_PER_MILLION_WRITES if "Write" in name or "Put" in name else DOLLARS_PER_MILLION_READS
        cost = units * factor * price / 1_000_000
        dollars += cost
        print(f"| {name} | {meter.requests[name] * factor:,.0f} | {units * factor:,.0f} | {cost:.3f} |")
    print(f"| together | {sum(meter.requests.values()) * factor:,.0f} | | {dollars:.2f} |")


if __name__ == "__main__":
    main()
