"""The command line as a whole: how it teaches, refuses and exits."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bedrock_audit import __version__
from bedrock_audit.cli import COMMANDS, main


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_version():
    assert run("--version").output.strip().endswith(__version__)


def test_help_names_every_command_and_the_exit_codes():
    text = run("--help").output

    assert [name for name in COMMANDS if f"\n  {name} " not in text] == []
    assert "Exit codes:" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_by_example(command):
    text = run(command, "--help").output

    assert f"bedrock-audit {command}" in text


def test_an_unknown_command_is_answered_with_those_there_are():
    result = run("aduit")

    assert result.exit_code == 2
    assert "there are: audit, " in result.output


def test_a_path_that_does_not_exist_is_one_line_and_exit_code_2(tmp_path):
    missing = str(tmp_path / "nowhere")

    result = run("audit", missing, "--store", str(tmp_path / "store.db"))

    assert result.exit_code == 2
    assert result.stderr == f"Error: {missing}: there is no such file or folder\n"


def test_a_store_that_is_not_there_says_what_to_do(tmp_path):
    result = run("coverage", "--store", str(tmp_path / "store.db"))

    assert result.exit_code == 2
    assert "run `bedrock-audit audit PATH` first" in result.stderr


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01"])
def test_a_time_that_is_none_is_refused_with_an_example(time):
    result = run("coverage", "--since", time)

    assert result.exit_code == 2
    assert "2026-11-23T08:00:00Z" in result.stderr
