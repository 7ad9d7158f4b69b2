from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys

import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.policy.known_patterns import FILE
from infra.engine_bundle import ARM64, SERVICES, engine_bundle, of_this_machine
from needs import AuditorSettings
from settings import environment
from tests.bundle.lambda_runtime import BARE, running
from tests.infra.synth import ROOT

AARCH64 = 183
"""e_machine in the header of an ELF file (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html)."""
ROOM_TO_SPARE = 120 * 1024 * 1024
TABLES = {"findings_table": "f", "use_cases_table": "u", "ledger_table": "l"}
AUDITOR = environment(AuditorSettings(queue="https://queue", finding_days=30, **TABLES))
HANDLERS = sorted(path.stem for path in (ROOT / "lambdas").glob("*.py") if "def handler(" in path.read_text())


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """What bundles are built from, as it is now."""
    return copied(ROOT, tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def shipped(sources):
    """What is deployed."""
    return engine_bundle(sources)


@pytest.fixture(scope="module")
def runnable(sources):
    """The same from the same lock, with wheels for this machine and the bare interpreter."""
    return engine_bundle(sources, target=of_this_machine((BARE / "python-version").read_text().strip()))


def copied(root, to):
    for name in ("lambdas", "requirements"):
        shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    return to


def files(folder):
    return {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}


def test_the_same_inputs_give_the_same_bytes(sources, shipped, tmp_path):
    """Built a second time, elsewhere: CDK's hash of the asset is over names and bytes."""
    again = engine_bundle(copied(sources, tmp_path))

    assert again.name == shipped.name
    assert {name: path.read_bytes() for name, path in files(again).items()} == {
        name: path.read_bytes() for name, path in files(shipped).items()
    }


def test_a_bundle_that_is_there_is_not_built_again(sources, shipped):
    before = {path: path.stat().st_mtime_ns for path in files(shipped).values()}

    assert engine_bundle(sources) == shipped
    assert {path: path.stat().st_mtime_ns for path in files(shipped).values()} == before


def test_whether_the_checkout_was_set_up_makes_no_difference(sources, shipped):
    """What `make demo` leaves beside the clauses is worked out anew for a bundle."""
    left = sources / "lambdas/bedrock_audit/policy" / FILE
    left.write_bytes(b"of yesterday")

    assert engine_bundle(sources) == shipped
    left.unlink()


def test_there_is_room_to_spare(shipped):
    assert sum(path.stat().st_size for path in files(shipped).values()) < ROOM_TO_SPARE


def test_every_binary_is_for_the_processor_of_the_functions(shipped):
    libraries = [path for path in files(shipped).values() if path.read_bytes()[:4] == b"\x7fELF"]

    assert len(libraries) > 5
    assert {int.from_bytes(path.read_bytes()[18:20], "little") for path in libraries} == {AARCH64}


def test_nothing_of_this_machine_is_in_it(sources, shipped):
    traces = [str(sources).encode(), str(ROOT).encode(), sys.base_prefix.encode()]

    assert [name for name, path in files(shipped).items() if any(trace in path.read_bytes() for trace in traces)] == []


def test_the_command_line_and_its_libraries_stay_at_home(shipped):
    there = {path.name for path in shipped.iterdir()} | {path.name for path in (shipped / "bedrock_audit").iterdir()}

    assert there & {"click", "rich", "pydantic", "pydantic_core", "cli", "local", "demo"} == set()


def test_bytecode_is_trusted_by_its_hash(shipped):
    """Flags 1 in the header: hash-based, and not checked against the source (PEP 552)."""
    compiled = [path for path in files(shipped).values() if path.suffix == ".pyc"]
    if ARM64.python != (BARE / "python-version").read_text().strip():
        pytest.skip("there is no interpreter of Lambda's version here to compile with; sources alone are shipped")

    assert len(compiled) > 300
    assert {path.read_bytes()[4:8] for path in compiled} == {b"\x01\0\0\0"}


def test_every_service_that_is_asked_is_described(shipped):
    asked = {
        node.args[0].value
        for path in files(shipped).values()
        if (path.suffix == ".py" and path.is_relative_to(shipped / "bedrock_audit")) or path.parent == shipped
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "client"
        if node.args and isinstance(node.args[0], ast.Constant)
    }

    assert asked - {"cloudformation"} <= set(SERVICES)  # only the command line asks for stacks
    assert all((shipped / "botocore/data" / name).is_dir() for name in SERVICES)


def test_own_clauses_travel_along(sources, tmp_path):
    (tmp_path / "disinformation.yaml").write_text("enabled: false\n")

    bundle = engine_bundle(sources, clauses=tmp_path)

    assert (bundle / "clauses/disinformation.yaml").read_text() == "enabled: false\n"


def test_patterns_need_not_be_read_at_a_start(runnable):
    code = (
        "from bedrock_audit.policy import load_policy\n"
        "known = {bool(one.known) for signal in load_policy().signals.values() for one in signal.patterns}\n"
        "print(known)"
    )
    given = {"PYTHONPATH": str(runnable), "PYTHONDONTWRITEBYTECODE": "1"}

    done = subprocess.run([BARE / "bin/python", "-c", code], env=given, check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "{True}"


@pytest.mark.parametrize("content", [None, "title: [", "titel: Asks for fabricated news\n"])
def test_clauses_that_cannot_be_used_stop_the_synthesis(sources, tmp_path, content):
    folder = tmp_path / "clauses"
    if content is not None:
        folder.mkdir()
        (folder / "ours.yaml").write_text(content)

    with pytest.raises(ConfigurationError):
        engine_bundle(sources, clauses=folder)


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_starts_in_an_empty_environment_and_names_what_it_lacks(runnable, tmp_path, handler):
    """Nothing is read at import: what is missing is an answer, not a function that will not start."""
    with running(runnable, handler, task=tmp_path / "task", environment={}) as function:
        kind, answer = function.invoke({"RequestType": "Create"})

    assert kind == "error"
    assert answer["errorType"] in {"ConfigurationError", "ValidationError", "KeyError"}, answer


def batch(body):
    message = {
        "messageId": "m0",
        "receiptHandle": "r",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
    }
    return {"Records": [message]}


def test_the_auditor_works_off_a_batch(runnable, tmp_path):
    """An object beside the log needs nothing of AWS."""
    beside = {"bucket": {"name": "b"}, "object": {"key": "BedrockModelInvocationLogs/data/r_input.json.gz"}}

    with running(runnable, "audit_log_object", task=tmp_path / "task", environment=AUDITOR) as function:
        answers = [function.invoke(batch(json.dumps({"detail": beside}))) for _ in range(2)]
        written = function.ended()

    assert answers == [("response", {"batchItemFailures": []})] * 2
    assert "ObjectsBesideTheLog" in written


def test_what_fails_is_told_without_what_was_read(runnable, tmp_path):
    unreachable = {**AUDITOR, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}

    with running(runnable, "audit_log_object", task=tmp_path / "task", environment=unreachable) as function:
        kind, answer = function.invoke(batch("my secret prompt"))
        written = function.ended()

    assert kind == "error"
    assert "the message is no JSON" in written
    assert "my secret prompt" not in str(answer) + written
