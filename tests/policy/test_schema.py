"""The published JSON Schema of a clause file is in step with what is read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from bedrock_audit.policy.loader import own_folder
from bedrock_audit.policy.schema import schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "clause.schema.json"
CLAUSES = sorted((own_folder() / "clauses").glob("*.yaml"))


def is_valid(data):
    return jsonschema.Draft202012Validator(schema()).is_valid(data)


def test_the_published_schema_is_the_one_of_the_types():
    published = json.loads(PUBLISHED.read_text(encoding="utf-8"))

    assert published == json.loads(json.dumps(schema())), (
        "write it anew: bedrock-audit policy schema > docs/schema/clause.schema.json"
    )


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", CLAUSES, ids=lambda path: path.stem)
def test_our_clauses_are_valid(path):
    assert is_valid(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def test_an_editor_offers_the_places_of_a_framework_and_takes_parts_of_them():
    choices = schema()["$defs"]["Mappings"]["properties"]["eu-ai-act"]["items"]["anyOf"]

    assert "Annex III, 5(b)" in choices[0]["enum"]
    assert is_valid({"mappings": {"eu-ai-act": ["Art. 15(5)"]}})


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"titel": "x"}, id="misspelt key"),
        pytest.param({"severity": "awful"}, id="unknown word"),
        pytest.param({"rules": {"a": {"score": 2}}}, id="score over one"),
        pytest.param({"rules": {"a": {"score": 0.5, "within": "page"}}}, id="unknown window"),
        pytest.param({"signals": {"A B": {"phrases": ["x"]}}}, id="bad name"),
    ],
)
def test_an_editor_sees_what_is_wrong(wrong):
    assert not is_valid(wrong)
