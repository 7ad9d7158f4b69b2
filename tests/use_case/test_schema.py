"""The published JSON Schema is in step with the types, and says what `load` says wherever it can."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bedrock_audit.located import located
from bedrock_audit.use_case.schema import schema

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "use-case.schema.json"
COMPLETE = Path(__file__).with_name("complete.yaml").read_text(encoding="utf-8")
NUMBERS = {"within_hours", "max_daily_decisions", "review_interval"}


def plain(data, key=""):
    """The data as an editor reads it: numbers and truth values typed, dates as text."""
    if isinstance(data, dict):
        return {name: plain(value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    if key in NUMBERS and data.isdigit():
        return int(data)
    return {"true": True, "false": False}.get(data, data)


def is_valid(text):
    (document,) = located(text, "x.yaml")
    return jsonschema.Draft202012Validator(schema()).is_valid(plain(document.data))


def test_the_published_schema_is_the_one_of_the_types():
    published = PUBLISHED.read_text(encoding="utf-8")

    assert json.loads(published) == json.loads(json.dumps(schema())), (
        "write it anew: bedrock-audit use-case schema > docs/schema/use-case.schema.json"
    )


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "", id="as it is"),
        pytest.param("{required: true, within_hours: 24}", "required within 24h", id="short review"),
        pytest.param("review_interval: 180", "review_interval: 180 days", id="short interval"),
        pytest.param("guardrail_required: true", "guardrail_required: gr1", id="named Guardrail"),
    ],
)
def test_what_can_be_read_is_valid(before, after):
    assert is_valid(COMPLETE.replace(before, after) if before else COMPLETE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("id: loan-desk", "id: Loan Desk", id="id"),
        pytest.param("id: loan-desk", "idd: loan-desk", id="unknown key"),
        pytest.param("[lending]", "[lendign]", id="unknown domain"),
        pytest.param("within_hours: 24", "within_hours: 0", id="review within no time"),
        pytest.param("    owner: lending@example.com\n", "", id="no owner"),
    ],
)
def test_what_is_refused_is_not_valid(before, after):
    assert not is_valid(COMPLETE.replace(before, after))
