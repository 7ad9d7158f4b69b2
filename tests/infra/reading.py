"""Reads a synthesised template as a person would: by construct paths instead of logical ids, references as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Template = dict[str, Any]


def path_of(template: Template, logical_id: str) -> str:
    """`Store/Findings` for `StoreFindings0FE56768`; what CloudFormation itself provides keeps its name."""
    resource = template["Resources"].get(logical_id)
    if resource is None:
        return logical_id
    path = resource.get("Metadata", {}).get("aws:cdk:path", logical_id)
    return "/".join(step for step in path.split("/")[1:] if step not in {"Resource", "Default"})


def plain(template: Template, value: Any) -> Any:
    """The value with `Ref`, `GetAtt` and `Join` written out: `{Store/Findings}` for a reference of any kind."""
    if isinstance(value, list):
        return [plain(template, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return f"{{{path_of(template, value['Ref'])}}}"
    if "Fn::GetAtt" in value:
        return f"{{{path_of(template, value['Fn::GetAtt'][0])}}}"
    if "Fn::Join" in value:
        return "".join(str(plain(template, item)) for item in value["Fn::Join"][1])
    return {name: plain(template, item) for name, item in value.items()}


def resources(template: Template, kind: str) -> dict[str, Any]:
    """Properties by path of every resource of a type such as `AWS::SQS::Queue`."""
    return {
        path_of(template, name): plain(template, resource.get("Properties", {}))
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def raw(template: Template, kind: str) -> dict[str, Any]:
    """Whole resources by path, with deletion policies and dependencies."""
    return {path_of(template, name): one for name, one in template["Resources"].items() if one["Type"] == kind}


def statements(policy: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The statements of a policy document, actions and resources always as lists."""
    for statement in policy["Statement"]:
        yield {**statement, **{key: as_list(statement[key]) for key in ("Action", "Resource") if key in statement}}


def as_list(value: Any) -> list[Any]:
    """One or many, as many."""
    return value if isinstance(value, list) else [value]
