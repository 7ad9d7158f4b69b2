"""docs/alerts.md shows what the program says, and its routes and settings are real."""

from __future__ import annotations

import re

import msgspec

from bedrock_audit.alerts.routing import Urgency, parsed_routes
from infra.settings import Settings
from tests.alerts.examples import BLOCK, PAGE, examples, written
from tests.builders import a_finding

TEXT = PAGE.read_text("utf-8")


def test_every_example_is_what_the_program_makes():
    """`python -m tests.alerts.examples` mends it."""
    assert written(TEXT) == TEXT
    assert len(BLOCK.findall(TEXT)) == 9


def test_every_named_example_exists():
    assert {found["name"] for found in BLOCK.finditer(TEXT)} <= set(examples())


def test_the_routes_file_is_one():
    (shown,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)

    routes = parsed_routes(shown, source="docs/alerts.md", channels={"topic", "slack-oncall"})

    assert routes.route(a_finding(account="999988887777")).urgency is Urgency.NOTHING
    assert routes.route(a_finding(use_case="loan-desk")).channels == ("topic", "slack-oncall")


def test_every_setting_named_exists():
    known = {field.encode_name for field in msgspec.structs.fields(Settings)}

    assert set(re.findall(r"`bedrock-audit:([a-z-]+)`", TEXT)) <= known
