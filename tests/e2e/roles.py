"""Takes one permission at a time away from a role of the deployed stack."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.assembly import Deployed
from tests.infra.reading import as_list


@contextmanager
def without(deployed: Deployed, role: str, action: str, *, on: str = "") -> Iterator[None]:
    """The role of the construct at `role` without `action` (on resources that contain `on`) while the block lasts."""
    iam, name = deployed.emulator.client("iam"), deployed.at(f"{role}/Role")
    names = iam.list_role_policies(RoleName=name)["PolicyNames"]
    before = {one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in names}
    mutilated = {one: _mutilated(document, action, on) for one, document in before.items()}
    assert mutilated != before, f"{role} has no {action}"
    _put(iam, name, mutilated)
    try:
        yield
    finally:
        _put(iam, name, before)


def _put(iam: Any, role: str, policies: dict[str, dict[str, Any]]) -> None:
    for name, document in policies.items():
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


def _mutilated(document: dict[str, Any], action: str, on: str) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for statement in changed["Statement"]:
        if any(on in resource for resource in as_list(statement["Resource"])):
            statement["Action"] = [one for one in as_list(statement["Action"]) if one != action] or ["none:Nothing"]
    return changed
