"""Routes files: which rule decides, and how a wrong file is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from bedrock_audit.alerts.routing import Routes, Urgency, parsed_routes, routes, schema
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.finding import Severity
from tests.builders import NOON, a_finding

ROOT = Path(__file__).parent.parent.parent

FILE = """
cap-per-hour: 5
rules:
  - {clause: minor-harm, then: page, channels: [slack]}
  - {principal: "*:role/sandbox-*", then: nothing}
  - {severity: high, then: page}
  - {then: digest}
"""


@pytest.mark.parametrize(
    ("finding", "urgency"),
    [
        pytest.param({"clause": "minor-harm", "severity": Severity.LOW}, Urgency.PAGE, id="named clause"),
        pytest.param({"principal": "arn:aws:iam::1:role/sandbox-7"}, Urgency.NOTHING, id="pattern"),
        pytest.param({"severity": Severity.CRITICAL}, Urgency.PAGE, id="worse than asked"),
        pytest.param({"severity": Severity.MEDIUM}, Urgency.DIGEST, id="the rest"),
    ],
)
def test_the_first_rule_that_fits_decides(finding, urgency):
    assert parsed_routes(FILE, source="routes.yaml").route(a_finding(**finding)).urgency is urgency


@pytest.mark.parametrize(
    ("severity", "urgency"), [(Severity.MEDIUM, Urgency.PAGE), (Severity.LOW, Urgency.DIGEST)], ids=["medium", "low"]
)
def test_without_rules_medium_and_worse_page(severity, urgency):
    assert Routes().route(a_finding(severity=severity)).urgency is urgency


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("rules:\n  - {clause: x}\n", 2, "then", id="no outcome"),
        pytest.param("rules:\n  - {then: shout}\n", 2, "shout", id="unknown outcome"),
        pytest.param("cap-per-hour: 0\n", 1, ">= 1", id="cap of nothing"),
        pytest.param("cap: 3\n", 1, "cap", id="unknown key"),
        pytest.param("digest-hours: 25\n", 1, "<= 24", id="longer than a day"),
        pytest.param("---\n{}\n---\n{}\n", 4, "one document", id="two documents"),
        pytest.param("rules: [\n", 1, "YAML", id="no YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text, line, said):
    with pytest.raises(ConfigurationError, match=said) as refused:
        parsed_routes(text, source="routes.yaml")

    assert (refused.value.source, refused.value.line) == ("routes.yaml", line)


@pytest.mark.parametrize(
    ("hours", "hour", "began"), [(1, 13, 13), (4, 13, 12), (24, 13, 0), (5, 23, 20)], ids=["1", "4", "24", "5"]
)
def test_a_period_is_counted_from_midnight(hours, hour, began):
    now = NOON.replace(hour=hour, minute=31)

    assert Routes(digest_hours=hours).period_of(now) == NOON.replace(hour=began)


def test_a_rule_for_a_channel_that_is_not_there_is_refused():
    with pytest.raises(ConfigurationError, match=r"no channel 'slak'.*slack.*there are: slack, topic") as refused:
        parsed_routes("rules:\n  - then: page\n    channels: [slak]\n", source="r.yaml", channels={"topic", "slack"})

    assert (refused.value.line, refused.value.key) == (3, "rules[0].channels[0]")


def test_the_published_schema_is_that_of_the_program():
    published = json.loads((ROOT / "docs/schema/routes.schema.json").read_text("utf-8"))

    assert published == json.loads(json.dumps(schema()))


@pytest.mark.parametrize(("text", "is_right"), [(FILE, True), ("cap: 3", False), ("rules: [{then: shout}]", False)])
def test_the_schema_says_what_the_program_says(text, is_right):
    document = yaml.safe_load(text)

    assert Draft202012Validator(schema()).is_valid(document) is is_right


def test_an_empty_file_means_the_usual():
    assert parsed_routes("", source="routes.yaml") == Routes()


def test_a_missing_file_names_itself(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        routes(tmp_path / "routes.yaml")
