"""Objects that are too long for one run, and objects that cannot be audited at all."""

from __future__ import annotations

import pytest

from tests.e2e.pipeline import until
from tests.log_lines import LENDING, line

LINES = 4000


@pytest.fixture
def hasty(pipeline):
    """The pipeline while its function has four seconds instead of five minutes."""
    functions, name = pipeline.emulator.client("lambda"), pipeline.deployed.at("Auditor/AuditLogObject/Function")
    before = functions.get_function_configuration(FunctionName=name)["Timeout"]
    functions.update_function_configuration(FunctionName=name, Timeout=4)
    yield pipeline
    functions.update_function_configuration(FunctionName=name, Timeout=before)


def test_a_long_object_is_audited_in_pieces_without_loss_or_repetition(hasty):
    """Every hundredth record is of a role of its own, so that a lost or doubled piece would show."""
    lines = [
        line(LENDING, request_id=f"long-{number}", role=f"long-{number // 100}" if number % 100 == 0 else "long-rest")
        for number in range(LINES)
    ]

    uri = hasty.put("long", *lines)

    def runs():
        return [
            one for one in hasty.emulator.log.read_text().splitlines() if uri in one and "goes on in another" in one
        ]

    row = until(lambda: hasty.stores.ledger.row(uri) and hasty.audited(uri), patience=120)
    findings = [one for one in hasty.findings() if ":role/long-" in one.principal]
    assert len(runs()) >= 1
    assert (row.coverage.objects, row.coverage.records) == (1, LINES)
    assert len(findings) == LINES // 100 + 1
    assert sum(one.occurrences for one in findings) == LINES
