"""The guide for product teams: its example can be read, and what it says is refused is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from bedrock_audit.errors import ConfigurationError
from bedrock_audit.use_case import Domain
from bedrock_audit.use_case.files import load
from bedrock_audit.use_case.schema import schema
from tests.builders import NOON

GUIDE = (Path(__file__).parents[2] / "docs" / "use-cases.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
COMMANDS = sorted(set(re.findall(r"^\$ bedrock-audit use-case ([\w-]+)", GUIDE, re.MULTILINE)))


@pytest.fixture
def example(tmp_path):
    path = tmp_path / "loan.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def test_the_example_is_complete_and_approved(example):
    (use_case,) = load(example, today=NOON.date()).use_cases

    assert use_case.missing == ()
    assert use_case.approval.covers(NOON)


def test_the_example_uses_every_key_there_is():
    used = set(re.findall(r"^(\w+):", EXAMPLE, re.MULTILINE))

    assert set(schema()["$defs"]["UseCase"]["properties"]) - used == {"status"}


def test_the_guide_names_every_domain():
    assert [domain for domain in Domain if f"`{domain}`" not in GUIDE] == []


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"^\$ bedrock-audit use-case ([\w-]+)", GUIDE, re.MULTILINE)))
)
def test_the_commands_of_the_guide_exist(command):
    assert CliRunner().invoke(main, ["use-case", command, "--help"]).exit_code == 0


@pytest.mark.parametrize("message", re.findall(r"use-cases/loan\.yaml:\d+: \w+\S*: (.*)", GUIDE))
def test_the_refusals_of_the_guide_are_what_is_said(example, message):
    before, after = ("[lending]", "[lendign]") if "lendign" in message else ("approver: board@", "approver: lending@")
    example.write_text(EXAMPLE.replace(before, after), encoding="utf-8")

    with pytest.raises(ConfigurationError) as refused:
        load(example, today=NOON.date())

    assert refused.value.message == message
