"""Writes the day as log files in Bedrock's own layout, with the trouble that real logs have, and the use cases."""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from bedrock_audit.demo.forms import FORMS
from bedrock_audit.demo.script import Conversation, Script, Team, script

ACCOUNT = "111122223333"
REGION = "eu-central-1"
RECORDS = 300
SEED = 20230928


def write_day(folder: Path, *, day: datetime) -> Path:
    """Write logs and `use-cases.yaml` below `folder`, return the logs' folder; the same day gives the same bytes."""
    hours: dict[int, list[str]] = defaultdict(list)
    for number, record in enumerate(_records(script())):
        at = day.astimezone(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(seconds=97 * number)
        hours[at.hour].append(json.dumps({**record, "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ")}))
    hours[9].append(hours[9][0][: len(hours[9][0]) // 2])
    logs = folder / "AWSLogs" / ACCOUNT / "BedrockModelInvocationLogs" / REGION
    for hour, lines in hours.items():
        _write_object(logs / f"{day:%Y/%m/%d}" / f"{hour:02}" / f"{day:%Y%m%d}T{hour:02}0500Z_demo.json.gz", lines)
    (folder / "use-cases.yaml").write_text(_use_cases(day), encoding="utf-8")
    return folder / "AWSLogs"


def _use_cases(day: datetime) -> str:
    """The register with its dates set around the day: one approval that holds, one that has lapsed."""
    text = files("bedrock_audit.demo").joinpath("use-cases.yaml").read_text(encoding="utf-8")
    days = {"evaluated": -420, "approved": -90, "lapsed": -12, "expires": 275}
    return Template(text).substitute({name: f"{day + timedelta(days=away):%Y-%m-%d}" for name, away in days.items()})


def _write_object(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def _records(day: Script) -> Iterator[dict[str, Any]]:
    """Special conversations spread among routine ones, then the records whose bodies are missing."""
    chance = random.Random(SEED)  # noqa: S311 - a reproducible day, not a secret
    special = [record for conversation in day.conversations for record in _conversation(conversation, day)]
    everyday = [_routine(day, chance) for _ in range(RECORDS - len(special) - 2)]
    merged = everyday + special
    places = sorted(chance.sample(range(len(merged)), len(special)))
    queue = iter(special)
    rest = iter(everyday)
    for number in range(len(merged)):
        yield _named(next(queue) if number in places else next(rest), number)
    yield _named(_without_input(day), len(merged))
    yield _named(_failed(day), len(merged) + 1)


def _named(record: dict[str, Any], number: int) -> dict[str, Any]:
    return {**record, "requestId": f"00000000-0000-4000-8000-{number:012x}"}


def _conversation(conversation: Conversation, day: Script) -> Iterator[dict[str, Any]]:
    team = day.teams[conversation.team]
    guardrail = team.guardrail if conversation.guardrail is None else conversation.guardrail
    for upto in range(1, len(conversation.turns) + 1):
        turns = conversation.turns[:upto]
        bodies = FORMS[team.form](turns, system=conversation.system, guardrail=guardrail)
        yield {
            **_envelope(team, bodies.operation),
            "input": {"inputContentType": "application/json", "inputBodyJson": bodies.request, "inputTokenCount": 60},
            "output": {
                "outputContentType": "application/json",
                "outputBodyJson": bodies.response,
                "outputTokenCount": 40,
            },
        }


def _routine(day: Script, chance: random.Random) -> dict[str, Any]:
    words = {name: chance.choice(choices) for name, choices in day.slots.items()}
    return next(_conversation(chance.choice(day.routine).filled(words), day))


def _without_input(day: Script) -> dict[str, Any]:
    """A request over 100 KB in an account that logs to CloudWatch only: counted, but its prompt is gone."""
    return {
        **_envelope(day.teams["developers"], "InvokeModel"),
        "input": {"inputContentType": "application/json", "inputTokenCount": 48211},
        "output": {
            "outputContentType": "application/json",
            "outputBodyJson": {"generation": "The repository has three modules.", "stop_reason": "stop"},
            "outputTokenCount": 9,
        },
    }


def _failed(day: Script) -> dict[str, Any]:
    return {**_envelope(day.teams["credit"], "Converse"), "errorCode": "ThrottlingException", "input": {}, "output": {}}


def _envelope(team: Team, operation: str) -> dict[str, Any]:
    kind, name = team.arn.split("/", 1)
    arn = (
        f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/{team.session}"
        if kind == "role"
        else f"arn:aws:iam::{ACCOUNT}:user/{name}"
    )
    return {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "accountId": ACCOUNT,
        "identity": {"arn": arn},
        "region": REGION,
        "operation": operation,
        "modelId": team.model,
    }
