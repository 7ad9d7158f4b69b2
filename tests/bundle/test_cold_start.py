"""What keeps a cold start short is what does not happen in it; `python -m benchmarks.cold_start` measures the rest."""

from __future__ import annotations

import json
import subprocess

import pytest

from infra.engine_bundle import engine_bundle, of_this_machine
from needs import AuditorSettings
from settings import environment
from tests.bundle.lambda_runtime import BARE
from tests.infra.synth import ROOT

HANDLERS = sorted(path.stem for path in (ROOT / "lambdas").glob("*.py") if "def handler(" in path.read_text())
TABLES = {"findings_table": "f", "use_cases_table": "u", "ledger_table": "l"}
GIVEN_BY_LAMBDA = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
AUDITOR = environment(AuditorSettings(queue="https://queue", finding_days=30, **TABLES))
HEAVY = {
    *("pydantic", "pydantic_core", "numpy", "pandas", "rich", "click", "jinja2", "requests", "aiohttp", "unittest"),
    *("aws_cdk", "jsii", "aws_xray_sdk", "wrapt", "pytest"),
}
"""What a function can do without until it runs; tracing is set up at the first call."""
WATCHED = """
import json, sys
seen = {"clients": [], "files": [], "calls": []}
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith((".yaml", ".json", ".json.gz")):
        seen["files"].append(str(arguments[0]))
    if event in {"socket.connect", "socket.getaddrinfo", "subprocess.Popen"}:
        seen["calls"].append(event)
import botocore.session
make = botocore.session.Session.create_client
def made(self, name, *args, **kwargs):
    seen["clients"].append(name)
    return make(self, name, *args, **kwargs)
botocore.session.Session.create_client = made
sys.addaudithook(watch)
"""
TOLD = """
seen["modules"] = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def runnable():
    """The bundle from its lock, with wheels for this machine and the bare interpreter."""
    return engine_bundle(ROOT, target=of_this_machine((BARE / "python-version").read_text().strip()))


def seen_of(bundle, code):
    """What a new process does while it runs the code: clients, files of data, calls of others, modules in the end."""
    given = {"PYTHONPATH": str(bundle), "PYTHONDONTWRITEBYTECODE": "1", **GIVEN_BY_LAMBDA, **AUDITOR}
    command = [BARE / "bin/python", "-c", WATCHED + code + TOLD]
    return json.loads(subprocess.run(command, env=given, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("handler", HANDLERS)
def test_importing_a_handler_makes_nothing_reads_nothing_and_loads_nothing_heavy(runnable, handler):
    seen = seen_of(runnable, f"import {handler}")

    assert (seen["clients"], seen["files"], seen["calls"]) == ([], [], [])
    assert HEAVY & set(seen["modules"]) == set()


def test_the_auditor_s_engine_needs_one_client_and_calls_nobody(runnable):
    """Clauses may be read, one client of DynamoDB's be made; every other client waits until it is asked."""
    seen = seen_of(
        runnable, "from audit_log_object import *; import wiring; wiring.engine(settings_of(AuditorSettings))"
    )

    assert (seen["clients"], seen["calls"]) == (["dynamodb"], [])
    assert HEAVY & set(seen["modules"]) == set()


def test_what_is_heavy_would_be_seen(runnable):
    """The watch itself can fail."""
    seen = seen_of(runnable, "import unittest, boto3; boto3.client('s3')")

    assert seen["clients"] == ["s3"]
    assert "unittest" in HEAVY & set(seen["modules"])
    assert seen["files"]
