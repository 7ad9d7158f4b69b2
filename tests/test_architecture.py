"""What holds for the code as a whole: which way imports point, and how large things may grow."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for folder in ("lambdas", "infra") for path in (ROOT / folder).rglob("*.py"))
HANDLERS = sorted((ROOT / "lambdas").glob("*.py"))
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
LONGEST_HANDLER = 60
VAGUE_NAMES = {"utils", "util", "helpers", "common", "shared", "manager", "base", "misc"}
BROAD = {"Exception", "BaseException"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_imports_point_one_way():
    lint = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_file_is_longer_than_a_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", HANDLERS, ids=named)
def test_handlers_only_translate(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_HANDLER


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_function_is_longer_than_a_screen(path):
    long = {node.name: node.end_lineno - node.lineno + 1 for node in functions(path)}

    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_drawer_for_the_rest(path):
    assert path.stem not in VAGUE_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_trouble_is_never_swallowed(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    broad = [
        node for node in handlers if node.type is None or (isinstance(node.type, ast.Name) and node.type.id in BROAD)
    ]

    assert [node.lineno for node in broad if not any(isinstance(step, ast.Raise) for step in ast.walk(node))] == []


@pytest.mark.parametrize("path", [path for path in SOURCES if path.read_text(encoding="utf-8").strip()], ids=named)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_a_screen_shows_the_route():
    route = (ROOT / "lambdas/bedrock_audit/pipeline.py").read_text(encoding="utf-8")

    assert len(route.splitlines()) <= 160
    places = [route.index(f"{stage}(") for stage in ("decode", "normalise", "exchanges", "matches", "decide", "record")]
    assert places == sorted(places)
