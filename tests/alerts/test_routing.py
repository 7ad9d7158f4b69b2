"""Routes files: which rule decides, and how a wrong file is refused."""

from __future__ import annotations

import pytest

from bedrock_audit.alerts.routing import Routes, Urgency, parsed_routes, routes
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.finding import Severity
from tests.builders import a_finding

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
        pytest.param("rules: [\n", 1, "YAML", id="no YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text, line, said):
    with pytest.raises(ConfigurationError, match=said) as refused:
        parsed_routes(text, source="routes.yaml")

    assert (refused.value.source, refused.value.line) == ("routes.yaml", line)


def test_an_empty_file_means_the_usual():
    assert parsed_routes("", source="routes.yaml") == Routes()


def test_a_missing_file_names_itself(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        routes(tmp_path / "routes.yaml")
