"""Findings and their occurrences in DynamoDB.

A query goes to one index, over all its shards at once; what the index cannot answer it filters by the attributes
copied into it, and only what is wanted is then read from the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice

from bedrock_audit.aws.dynamodb.requests import MOST_ATTEMPTS, Condition, LostRaceError, Requests, Stretch
from bedrock_audit.aws.dynamodb.writing import DynamoBacking
from bedrock_audit.aws.items import LIFE, finding_from, finding_key, occurrence_from
from bedrock_audit.aws.tables import (
    BY_CLAUSE,
    BY_FINDING,
    BY_PRINCIPAL,
    BY_STATUS,
    BY_USE_CASE,
    PARTITION,
    Index,
    partitions,
)
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Finding, Observation, Occurrence, Status
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import FindingQuery, Stored
from bedrock_audit.record import Value
from bedrock_audit.recording import Unit, decided, stamp

PAGE = 100


class Plan(Value, frozen=True):
    """The index to ask and the values to ask it for."""

    index: Index
    values: tuple[str, ...]


class DynamoFindings:
    """The findings port on DynamoDB."""

    def __init__(self, requests: Requests, table: str, *, backing: DynamoBacking, unit: Unit) -> None:
        self._requests = requests
        self._table = table
        self._backing = backing
        self._unit = unit

    def unit(self) -> AbstractContextManager[None]:
        return self._unit.opened()

    def record(self, observation: Observation, /) -> Stored:
        return self._unit.record(observation)

    def get(self, finding_id: str, /) -> Finding | None:
        self._unit.flush()
        kept = self._backing.kept(finding_id)
        return kept.finding if kept else None

    def query(self, wanted: FindingQuery, /) -> Iterator[Finding]:
        self._unit.flush()
        plan, conditions = _plan(wanted), _conditions(wanted)
        stretches = [
            Stretch(
                table=self._table,
                index=plan.index,
                partition=partition,
                least=stamp(wanted.since) if wanted.since else None,
                most=stamp(wanted.until) if wanted.until else None,
                conditions=conditions,
            )
            for value in plan.values
            for partition in partitions(value)
        ]
        page = min(wanted.limit or PAGE, PAGE)
        found = self._requests.merged(stretches, newest_first=True, page=page)
        ids = (item[PARTITION]["S"] for item in found)
        yield from islice(filter(wanted.holds, self._whole(ids, page)), wanted.limit)

    def occurrences(self, finding_id: str, /, *, limit: int | None = None) -> Iterator[Occurrence]:
        self._unit.flush()
        stretches = [
            Stretch(table=self._table, index=BY_FINDING, partition=partition) for partition in partitions(finding_id)
        ]
        found = self._requests.merged(stretches, newest_first=True, page=limit)
        yield from map(occurrence_from, islice(found, limit))

    def change(self, finding_id: str, transition: Transition, /, *, expected_version: int) -> Finding:
        self._unit.flush()
        for attempt in range(MOST_ATTEMPTS):
            kept = self._backing.kept(finding_id)
            after = decided(kept, transition, finding_id=finding_id, expected_version=expected_version)
            try:
                return self._backing.replace(kept, after, changed=LIFE).finding
            except LostRaceError:  # an occurrence was counted in between, or somebody else was faster
                self._requests.pause(attempt)
        raise BedrockAuditError(f"{finding_id} is too busy: other writers kept getting in between; try again")

    def _whole(self, ids: Iterable[str], page: int) -> Iterator[Finding]:
        """The findings as the table has them now: the index may lag behind it."""
        ids = iter(ids)
        while keys := [finding_key(finding_id) for finding_id in islice(ids, page)]:
            items = self._requests.items(self._table, keys)
            yield from (finding_from(items[key]) for key in keys if key in items)


def _plan(wanted: FindingQuery) -> Plan:
    """The most selective index first; patterns cannot choose a partition."""
    for index, value in (
        (BY_USE_CASE, wanted.use_case),
        (BY_PRINCIPAL, wanted.principal),
        (BY_CLAUSE, wanted.clause),
        (BY_STATUS, wanted.status),
    ):
        if value is not None and not value.endswith("*"):
            return Plan(index=index, values=(value,))
    return Plan(index=BY_STATUS, values=tuple(Status))


def _conditions(wanted: FindingQuery) -> tuple[Condition, ...]:
    exact = {"clause": wanted.clause, "verdict": wanted.verdict, "status": wanted.status, "account": wanted.account}
    conditions = [Condition(attribute=name, value=value) for name, value in exact.items() if value is not None]
    for name, pattern in (("principal", wanted.principal), ("use_case", wanted.use_case)):
        if pattern is not None and pattern != "*":
            is_prefix = pattern.endswith("*")
            conditions.append(
                Condition(attribute=name, value=pattern[:-1] if is_prefix else pattern, is_prefix=is_prefix)
            )
    if wanted.min_severity is not None:
        conditions.append(Condition(attribute="rank", value=wanted.min_severity.rank, operator=">="))
    return tuple(conditions)
