"""The documents say what is: their commands run, their links lead somewhere, what they show is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/*.md")])
COMMAND = re.compile(r"^(?: {4,}|\$ |`)?(bedrock-audit [a-z][^`]*)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\(([^)#\s]+)(?:#[^)]*)?\)")
DATED = re.compile(r"\S*/AWSLogs|\S+/(?=bedrock-audit-demo/)|\d{4}-\d\d-\d\d|\d{8}T|\d{4}/\d\d/\d\d|[a-z]-[0-9a-f]{20}")


def named(path):
    return str(path.relative_to(ROOT))


def commands(path):
    """The command lines of a document, without comments and what is piped into or out of them."""
    for found in COMMAND.finditer(path.read_text(encoding="utf-8")):
        line = re.split(r"\s{2,}|\s#|\s\||\s>|;|\\$", found[1].strip())[0]
        if "…" not in line and "[" not in line and "|" not in line:
            yield line


def documented():
    return [
        pytest.param(line, id=f"{named(path)}: {line}") for path in DOCUMENTS for line in sorted(set(commands(path)))
    ]


@pytest.mark.parametrize("line", documented())
def test_every_documented_command_exists_with_its_options(line):
    command, arguments = main, shlex.split(line)[1:]
    ctx = click.Context(main, info_name="bedrock-audit")
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        _, command, arguments = command.resolve_command(ctx, arguments)
        ctx = click.Context(command, parent=ctx, info_name=command.name)

    command.make_parser(ctx).parse_args(list(arguments))


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_inside_the_repository_leads_somewhere(path):
    links = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readme_shows_the_two_commands_early():
    head = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:30]

    assert [line.split()[1] for line in head if line.strip().startswith("make ")] == ["demo", "test"]


def test_the_readme_shows_what_the_demo_shows(tmp_path, monkeypatch):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, ["demo"]).stdout
    blocks = re.findall(r"```text\n(.*?)```", readme, re.DOTALL)

    assert len(blocks) >= 2
    known = {_undated(line) for line in shown.splitlines()}
    missing = [line for block in blocks for line in block.splitlines() if line.strip() and _undated(line) not in known]
    assert missing == []


def test_ci_runs_what_the_readme_says():
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def _undated(line):
    return " ".join(DATED.sub("-", line).split())
