"""Objects that are too long for one run."""

from __future__ import annotations

import pytest

from tests.log_lines import HOUR, LENDING, line

LINES = 300
RUN_SECONDS = 24
"""Long enough for a cold start on a busy machine; a quarter of it is kept for writing."""


@pytest.fixture
def hasty(pipeline):
    """The pipeline while its function has some seconds instead of five minutes."""
    functions, name = pipeline.emulator.client("lambda"), pipeline.deployed.at("Auditor/AuditLogObject/Function")
    before = functions.get_function_configuration(FunctionName=name)["Timeout"]
    functions.update_function_configuration(FunctionName=name, Timeout=RUN_SECONDS)
    yield pipeline
    functions.update_function_configuration(FunctionName=name, Timeout=before)


def test_a_long_object_is_audited_in_pieces_without_loss_or_repetition(hasty):
    """What makes it long is a body that never comes, waited for as long as a run can: no matter how fast the machine.

    Every tenth record is of a role of its own, so that a lost or doubled piece would show.
    """
    missing = {
        "inputContentType": "application/json",
        "inputBodyS3Path": f"s3://{hasty.bucket}/{HOUR}/data/no_input.json",
    }
    lines = [
        line(LENDING, request_id=f"long-{number}", role=f"long-{number // 10}" if number % 10 == 0 else "long-rest")
        for number in range(LINES)
    ]
    lines.insert(LINES // 2, line(request_id="waits", role="waits", input=missing))

    uri = hasty.put("long", *lines)

    row = hasty.audited(uri)
    told = [one for one in hasty.emulator.log.read_text().splitlines() if uri in one and "goes on in another" in one]
    findings = [one for one in hasty.findings() if ":role/long-" in one.principal]
    assert len(told) >= 1
    assert (row.coverage.objects, row.coverage.records) == (1, LINES + 1)
    assert sum(row.coverage.gaps.values()) == 1
    assert len(findings) == LINES // 10 + 1
    assert sum(one.occurrences for one in findings) == LINES
