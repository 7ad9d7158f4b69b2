"""The app as the cdk program runs it: without credentials, without a network, and what it says of wrong settings."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import app
import aws_cdk as cdk
import pytest

from tests.infra.synth import ROOT

CDK = Path(sys.prefix) / "node/node_modules/.bin/cdk"
NOBODY = {
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "CDK_DISABLE_CLI_TELEMETRY": "true",
}


def alone():
    """A command in front of others that takes the network from them, where the system lets us."""
    cut_off = [shutil.which("unshare") or "unshare", "--map-root-user", "--net"]
    try:
        subprocess.run([*cut_off, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return cut_off


@pytest.mark.skipif(not CDK.exists(), reason="the cdk program is not installed here")
def test_the_stack_is_synthesised_without_credentials_and_without_a_network(tmp_path):
    """Where the system does not let us take the network away, a proxy that is not there stands before it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "UV_OFFLINE": "1"}
    command = [*alone(), CDK, "synth", "--quiet", "--output", tmp_path, "--app", f"{sys.executable} app.py"]

    subprocess.run(command, cwd=ROOT, env={**kept, **NOBODY, **nowhere}, check=True, capture_output=True, text=True)

    stack = json.loads((tmp_path / "manifest.json").read_text())["artifacts"]["BedrockAudit"]
    assert stack["environment"] == "aws://unknown-account/unknown-region"
    assert stack["properties"]["terminationProtection"] is True
    (bundle,) = tmp_path.glob("asset.*/audit_log_object.py")
    assert (bundle.parent / "botocore").is_dir()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("log-bucket", "My_Bucket", "must be the name of a bucket"),
        ("clauses", "nowhere/at-all", "nowhere/at-all is not there"),
        ("routes", "nowhere.yaml", "nowhere.yaml is not there"),
        ("concurency", "5", "there is no such setting; did you mean concurrency?"),
    ],
)
def test_a_setting_that_cannot_be_used_ends_the_synthesis_with_its_name(name, value, told):
    made = cdk.App(context={f"bedrock-audit:{name}": value})

    with pytest.raises(SystemExit, match=re.escape(f"bedrock-audit: CDK context: bedrock-audit:{name}: {told}")):
        app.synthesise(made)
