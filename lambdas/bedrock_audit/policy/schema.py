"""Writes down what a clause file may say as JSON Schema, so that editors complete and check it."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from bedrock_audit.policy.clause_file import ClauseFile
from bedrock_audit.policy.frameworks import frameworks

Json = dict[str, Any]

_PREFIX = "#/$defs/"


def schema() -> Json:
    """The JSON Schema (2020-12) of a clause file.

    It cannot say everything loading checks: that the signals a rule names exist, say, or that a phrase can be read.
    """
    root, parts = msgspec.json.schema_components([ClauseFile], ref_template=_PREFIX + "{name}")
    parts["Mappings"] = _with_places(parts["Mappings"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A clause of bedrock-audit",
        **root[0],
        "$defs": {name: _described(part) for name, part in sorted(parts.items())},
    }


def _described(part: Json) -> Json:
    return {**part, "description": cleandoc(part["description"])} if "description" in part else part


def _with_places(mappings: Json) -> Json:
    """With the places of each framework to choose from; parts of them are not listed, so any other text will do."""
    choices = {
        key: {**mappings["properties"][key], "items": {"anyOf": [{"enum": list(framework.places)}, {"type": "string"}]}}
        for key, framework in frameworks().items()
    }
    return {**mappings, "properties": {**mappings["properties"], **choices}}
