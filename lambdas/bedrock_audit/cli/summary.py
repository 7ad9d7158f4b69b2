"""What an audit says when it is done: findings, coverage, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
import msgspec

from bedrock_audit.cli.finding_rows import FINDING_COLUMNS, counted, coverage_line, finding_rows
from bedrock_audit.cli.output import Format, output_format, print_json, print_rows
from bedrock_audit.cli.stores import store_reach
from bedrock_audit.coverage import Coverage, LedgerRow, total
from bedrock_audit.finding import Finding
from bedrock_audit.finding_json import finding_json
from bedrock_audit.ports import Findings, Stored
from bedrock_audit.record import Value

SHOWN = 50
"""Findings of a run that a person is shown, the worst: more would push them off the screen. The store has them all."""


class Outcome(Value, frozen=True):
    """The outcome of one run: findings worst first, what became of each in the store, how many were new or known."""

    coverage: Coverage
    findings: tuple[Finding, ...]
    told: dict[str, Stored]
    new: int
    seen: int

    @classmethod
    def of(cls, rows: Sequence[LedgerRow], *, told: Mapping[str, Stored], findings: Findings) -> Outcome:
        """The outcome of auditing these objects, with the findings as the store has them now."""
        stored = [finding for finding_id in told if (finding := findings.get(finding_id))]
        new = list(told.values()).count(Stored.NEW)
        return cls(
            coverage=total(rows),
            findings=tuple(sorted(stored, key=lambda finding: (-finding.severity.rank, finding.id))),
            told=dict(told),
            new=new,
            seen=len(told) - new,
        )

    @property
    def is_incomplete(self) -> bool:
        """Whether anything that should have been read was not."""
        return bool(self.coverage.gaps or self.coverage.unreadable or self.coverage.unscanned)

    def json(self) -> dict[str, Any]:
        """The contract of `audit --output json`."""
        return {
            "coverage": msgspec.structs.asdict(self.coverage),
            "findings": [finding_json(finding) for finding in self.findings],
            "new": self.new,
            "seen": self.seen,
        }


def print_outcome(outcome: Outcome) -> None:
    """Print the outcome in the format asked for."""
    if output_format() is Format.JSON:
        print_json(outcome.json())
        return
    shown = outcome.findings[:SHOWN] if output_format() is Format.TABLE else outcome.findings
    print_rows(finding_rows(shown), columns=FINDING_COLUMNS, empty="No findings in what could be read.")
    if len(shown) < len(outcome.findings):
        more = len(outcome.findings) - len(shown)
        click.echo(f"and {more:,} more, as severe or less: bedrock-audit findings list{store_reach()}")
    if output_format() is Format.CSV:
        click.echo(coverage_line(outcome.coverage), err=True)
    else:
        click.echo(f"{counted(outcome.new, 'new finding')}, {outcome.seen:,} known. {coverage_line(outcome.coverage)}")
        if outcome.findings:
            click.echo(f"Next: bedrock-audit findings show {outcome.findings[0].id}{store_reach()}")
