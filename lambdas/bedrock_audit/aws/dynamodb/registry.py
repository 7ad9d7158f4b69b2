"""Use cases with all their versions, and suppressions, in DynamoDB.

Every version is an item under its use case; the current one stands a second time in one partition that holds the whole
registry (some hundreds of items at most), so that asking for it is one query.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bedrock_audit.aws.dynamodb.requests import LostRaceError, Requests, Stretch, put_once, put_over
from bedrock_audit.aws.items import document, key_item, number
from bedrock_audit.aws.tables import Key
from bedrock_audit.errors import ConflictError
from bedrock_audit.lifecycle import Suppression
from bedrock_audit.use_case import Registry, UseCase

REGISTRY = "registry"
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

    def save(self, use_case: UseCase, /) -> None:
        version = Key(partition=f"use-case#{use_case.id}", sort=f"v{use_case.version:06d}")
        current = Key(partition=REGISTRY, sort=use_case.id)
        item = {"version": number(use_case.version), "document": document(use_case)}
        read = use_case.version - 1 or None
        try:
            self._requests.transact(
                [
                    put_once(self._table, {**key_item(version), **item}),
                    put_over(self._table, {**key_item(current), **item}, "version", read=read),
                ]
            )
        except LostRaceError as error:
            raise ConflictError(f"use case {use_case.id} was changed by somebody else; look at it again") from error

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
        key = Key(partition=SUPPRESSIONS, sort=suppression.id)
        self._requests.put(self._table, {**key_item(key), "document": document(suppression)})
