"""The commands of the operator guide: bootstrap, deploy and destroy with the real cdk program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.assembly import Deployed
from tests.e2e.emulator import ACCOUNT, REGION, running
from tests.e2e.pipeline import Pipeline, until
from tests.infra.synth import ROOT, template
from tests.log_lines import LENDING, line

CDK = Path(sys.prefix) / "node/node_modules/.bin/cdk"
APP = f"{sys.executable} {Path(__file__).with_name('app_here.py')}"
UNPROTECTED = ("-c", "bedrock-audit:termination-protection=false")


@pytest.fixture
def account():
    """An account that has never seen a deployment."""
    with running() as emulator:
        yield emulator


def cdk(emulator, home, *arguments):
    """Run the program with the emulator for AWS; `home` keeps its caches apart from the machine's."""
    environment = {**os.environ, **emulator.environment(), "HOME": str(home), "CDK_DISABLE_CLI_TELEMETRY": "true"}
    command = [CDK, *arguments, "--output", str(home / "cdk.out"), "--ci"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_bootstrap_deploy_and_destroy_as_the_guide_has_it(account, tmp_path):
    cdk(account, tmp_path, "bootstrap", f"aws://{ACCOUNT}/{REGION}", "--app", APP)

    told = cdk(account, tmp_path, "deploy", "--require-approval", "never", "--app", APP, *UNPROTECTED)

    assert "BedrockAudit.FindingsTable" in told
    pipeline = Pipeline(Deployed(account, "BedrockAudit", template()))
    pipeline.put("first", line(LENDING, role="by-cdk"))
    until(lambda: pipeline.about("by-cdk"))
    cdk(account, tmp_path, "destroy", "--force", "--app", APP, *UNPROTECTED)
    assert account.client("lambda").list_functions()["Functions"] == []
    assert pipeline.about("by-cdk").occurrences == 1
