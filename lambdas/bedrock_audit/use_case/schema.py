"""Writes down what a file of use cases may say as JSON Schema, for editors and for checks before review."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from bedrock_audit.use_case.files import LIST_KEY
from bedrock_audit.use_case.terms import Terms

Json = dict[str, Any]

_PREFIX = "#/$defs/"


def schema() -> Json:
    """The JSON Schema (2020-12) of a file: one use case, a list of them, or a mapping with the list.

    It cannot say everything that `load` checks: that approver and owner differ, say, or the order of dates.
    """
    _, parts = msgspec.json.schema_components([Terms], ref_template=_PREFIX + "{name}")
    defs = {name: _closed(part) for name, part in sorted(parts.items())}
    use_case = defs["UseCase"] = defs.pop("Terms")
    use_case["title"] = "UseCase"
    _allow_short_forms(use_case["properties"], defs["HumanOversight"]["properties"])
    one = {"$ref": _PREFIX + "UseCase"}
    several = {"type": "array", "items": one, "minItems": 1}
    listed = {
        "type": "object",
        "properties": {LIST_KEY: several},
        "required": [LIST_KEY],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Use cases of bedrock-audit",
        "anyOf": [listed, several, one],
        "$defs": defs,
    }


def _closed(part: Json) -> Json:
    """Unknown keys are refused, so that a misspelt one is not taken for a missing one."""
    described = {**part, "description": cleandoc(part["description"])}
    return {**described, "additionalProperties": False} if part.get("type") == "object" else described


def _allow_short_forms(use_case: Json, oversight: Json) -> None:
    use_case["human_oversight"]["anyOf"].append({"type": "string", "minLength": 1})
    oversight["human_review"]["anyOf"].append({"type": "string", "pattern": "^required within [0-9]+ ?(h|hours?)$"})
    use_case["review_interval"]["anyOf"].append({"type": "string", "pattern": "^[0-9]+ ?(d|days?)$"})
    # Left out, it follows from whether an approval is given.
    use_case["status"].pop("default")
