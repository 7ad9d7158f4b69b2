"""Wires the engine for a run of the command line: where logs and offloaded bodies are, which policy, which registry."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bedrock_audit.detect import Detector
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.normalise.bodies import Bodies, NoBodies
from bedrock_audit.pipeline import Engine, Period
from bedrock_audit.policy import load_policy
from bedrock_audit.ports import LogObject, LogObjects, Stores
from bedrock_audit.record import Value
from bedrock_audit.use_case import Registry
from bedrock_audit.use_case.files import load

S3 = "s3://"


class Place(Value, frozen=True):
    """Something to audit: its name (a path always whole), how to list and open it, where its offloaded bodies are."""

    name: str
    logs: LogObjects
    bodies: Bodies


def places(paths: Sequence[str], *, profile: str | None, region: str | None) -> list[Place]:
    """Each path with its reader; raises ConfigurationError for one that does not exist."""
    return [_on_s3(path, profile, region=region) if path.startswith(S3) else _local(path) for path in paths]


def each_once(places: Iterable[Place]) -> Iterator[tuple[Place, LogObject]]:
    """Every log object of the places; one that several of them hold comes once."""
    seen: set[str] = set()
    for place in places:
        for log in place.logs.listed(place.name):
            if log.name not in seen:
                seen.add(log.name)
                yield place, log


def wired(
    stores: Stores, *, use_cases: Path | None = None, clauses: Path | None = None, period: Period | None = None
) -> Engine:
    """An engine on these stores; a file of use cases stands in for the stored registry for this run."""
    if use_cases:
        stores = msgspec.structs.replace(stores, use_cases=GivenUseCases(load(use_cases)))
    return Engine(
        detector=Detector(load_policy(clauses)),
        stores=stores,
        bodies=NoBodies(),
        clock=lambda: datetime.now(UTC),
        period=period or Period(),
    )


class GivenUseCases:
    """A registry that was read from files and is only asked, never written."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def registry(self) -> Registry:
        """The registry as read."""
        return self._registry


def _local(path: str) -> Place:
    from bedrock_audit.local.log_files import LocalBodies, LocalLogs

    if path != "-" and not (path and Path(path).exists()):
        raise ConfigurationError("there is no such file or folder", source=path or "''")
    if path == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise ConfigurationError("nothing is piped in; try `zcat log.json.gz | bedrock-audit audit -`", source="-")
    name = path if path == "-" else os.path.abspath(path)  # noqa: PTH100 - `a/../b` is `b`, which pathlib leaves alone
    return Place(name=name, logs=LocalLogs(), bodies=LocalBodies(name))


def _on_s3(path: str, profile: str | None, *, region: str | None) -> Place:
    from bedrock_audit.aws import open_bucket_logs

    logs, bodies = open_bucket_logs(path, profile=profile, region=region)
    return Place(name=path, logs=logs, bodies=bodies)
