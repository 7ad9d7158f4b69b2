"""What others look for in a template: cdk-nag with every departure explained, and cfn-lint."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.synth import VARIANTS, an_app, stack


def violations(tmp_path, variant):
    """Rule and place of whatever the nag packs report."""
    import aws_cdk as cdk
    from cdk_nag import AwsSolutionsChecks, ServerlessChecks

    app = an_app(str(tmp_path))
    stack(app, **variant)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error)  # noqa: PT017 - the report says what the matter is
    report = json.loads((tmp_path / "validation-report.json").read_text())
    return {
        f"{violation['ruleName']} {place['constructPath'].partition('/')[2]}"
        for pack in report["pluginReports"]
        for violation in pack.get("violations", [])
        for place in violation["violatingConstructs"]
    }


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_nag_finds_nothing_that_is_not_explained(tmp_path, variant):
    assert violations(tmp_path, variant) == set()


def test_every_explained_departure_is_one(tmp_path, monkeypatch):
    from infra import nag_exceptions

    explained = {f"{one.path}" for one in nag_exceptions.DEPARTURES}
    rules = {one.rule.partition("[")[0] for one in nag_exceptions.DEPARTURES}
    monkeypatch.setattr(nag_exceptions, "DEPARTURES", ())

    found = set().union(
        *(violations(tmp_path / str(number), variant) for number, variant in enumerate(VARIANTS.values()))
    )

    assert {path for path in explained if not any(f" {path}/" in one for one in found)} == set()
    assert {one.partition("[")[0].partition(" ")[0] for one in found} == rules


def test_cfn_lint_finds_nothing(tmp_path):
    for name, variant in VARIANTS.items():
        app = an_app(str(tmp_path / name))
        stack(app, **variant)
        app.synth()
    lint = Path(sys.executable).with_name("cfn-lint")
    noise = ["--ignore-checks", "W3005", "W3045"]  # CDK's own dependencies and ownership defaults
    templates = sorted(tmp_path.glob("*/*.template.json"))

    done = subprocess.run(
        [lint, *noise, "--regions", "us-east-1", "--template", *templates], capture_output=True, text=True, check=False
    )

    assert (len(templates), done.stdout.strip(), done.returncode) == (len(VARIANTS), "", 0)
