"""Use cases with all their versions, and suppressions, in DynamoDB.

Every version is an item under its use case; the current one stands a second time in one partition that holds the whole
registry (some hundreds of items at most), so that asking for it is one query. One more item has the registry's
revision: of two people who change different use cases at once, the second is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from bedrock_audit.aws.dynamodb.requests import (
    LostRaceError,
    Requests,
    Stretch,
    put_if_not_above,
    put_once,
    put_over,
)
from bedrock_audit.aws.items import document, key_item, number
from bedrock_audit.aws.tables import Key
from bedrock_audit.errors import ConflictError
from bedrock_audit.lifecycle import Suppression
from bedrock_audit.recording import bounded
from bedrock_audit.use_case import Registry, UseCase

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MOST_TOGETHER, MOST_BYTES = 49, 1_900_000
"""Use cases in one transaction, and their bytes as JSON: two items each and the revision, of 100 items and 4 MB."""
REGISTRY = "registry"
REVISION = Key(partition="registry-revision", sort="current")
SUPPRESSIONS = "suppressions"


class DynamoUseCases:
    """The registry's port on DynamoDB; a use case is a document to it."""

    def __init__(self, requests: Requests, table: str) -> None:
        self._requests = requests
        self._table = table

    def registry(self) -> Registry:
        return Registry(use_cases=self._all(REGISTRY))

    def versions(self, use_case_id: str, /) -> Sequence[UseCase]:
        return self._all(f"use-case#{use_case_id}")

    def save(self, *use_cases: UseCase, seen: Registry) -> None:
        revision = seen.revision
        for together in _batches(use_cases):
            self._save(together, onto=revision)
            revision += len(together)

    def _save(self, use_cases: Sequence[UseCase], *, onto: int) -> None:
        writes = [write for use_case in use_cases for write in self._writes(use_case)]
        risen = {**key_item(REVISION), "revision": number(onto + len(use_cases))}
        try:
            self._requests.transact([*writes, put_if_not_above(self._table, risen, "revision", read=onto)])
        except LostRaceError as error:
            ids = [use_cases[position // 2].id for position in error.positions if position < len(writes)]
            changed = f"use case {' and '.join(dict.fromkeys(ids))}" if ids else "the registry"
            raise ConflictError(f"{changed} was changed by somebody else; look at it again") from error

    def _writes(self, use_case: UseCase) -> tuple[TransactWriteItemTypeDef, TransactWriteItemTypeDef]:
        version = Key(partition=f"use-case#{use_case.id}", sort=f"v{use_case.version:06d}")
        current = Key(partition=REGISTRY, sort=use_case.id)
        item = {"version": number(use_case.version), "document": document(use_case)}
        return (
            put_once(self._table, {**key_item(version), **item}),
            put_over(self._table, {**key_item(current), **item}, "version", read=use_case.version - 1 or None),
        )

    def _all(self, partition: str) -> tuple[UseCase, ...]:
        found = self._requests.stretch(Stretch(table=self._table, partition=partition))
        return tuple(msgspec.json.decode(item["document"]["S"], type=UseCase) for item in found)


class DynamoSuppressions:
    """The suppressions' port on DynamoDB."""

    def __init__(self, requests: Requests, table: str) -> None:
        self._requests = requests
        self._table = table

    def all(self) -> Sequence[Suppression]:
        found = self._requests.stretch(Stretch(table=self._table, partition=SUPPRESSIONS))
        return tuple(msgspec.json.decode(item["document"]["S"], type=Suppression) for item in found)

    def save(self, suppression: Suppression, /) -> None:
        suppression = bounded(suppression)
        key = Key(partition=SUPPRESSIONS, sort=suppression.id)
        item = {**key_item(key), "version": number(suppression.version), "document": document(suppression)}
        try:
            self._requests.transact([put_over(self._table, item, "version", read=suppression.version - 1 or None)])
        except LostRaceError as error:
            raise ConflictError(f"{suppression.id} was changed by somebody else; look at it again") from error


def _batches(use_cases: Sequence[UseCase]) -> Iterator[Sequence[UseCase]]:
    """As many together as a transaction takes."""
    batch: list[UseCase] = []
    size = 0
    for use_case in use_cases:
        more = len(msgspec.json.encode(use_case))
        if batch and (len(batch) == MOST_TOGETHER or size + more > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(use_case)
        size += more
    if batch:
        yield batch
