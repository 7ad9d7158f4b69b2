"""Findings and coverage as rows for people: the columns every command shows them with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bedrock_audit.cli.output import Column
from bedrock_audit.coverage import Coverage
from bedrock_audit.finding import Finding
from bedrock_audit.finding_json import finding_json

FINDING_COLUMNS = (
    Column("id", "id"),
    Column("severity", "severity"),
    Column("what", "what", width=34),
    Column("who", "who", width=24),
    Column("disposition", "disposition", detail=True),
    Column("status", "status", width=14),
    Column("occurrences", "seen", right=True),
    *(
        Column(name, name, detail=True)
        for name in (
            "verdict",
            "clause",
            "domain",
            "title",
            "account",
            "region",
            "principal",
            "attribution",
            "use_case",
            "model_id",
            "first_seen",
            "last_seen",
            "object",
            "line",
            "request_id",
            "policy_version",
            "engine_version",
            "detector",
            "score",
        )
    ),
)


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """A row per finding: the JSON of the contract, plus what a table says shorter."""
    return [_row(finding) for finding in findings]


def coverage_line(coverage: Coverage) -> str:
    """One sentence that says how much was seen and what was not."""
    line = (
        f"Coverage: {coverage.audited:,} of {coverage.records:,} invocations audited in {coverage.objects:,} objects"
        f" ({coverage.exchanges:,} exchanges); {coverage.unreadable:,} unreadable, {coverage.unscanned:,} unscanned"
    )
    gaps = ", ".join(f"{reason} {count:,}" for reason, count in coverage.gaps.items())
    shapes = sum(coverage.unknown_shapes.values())
    more = [f"not seen: {gaps}"] if gaps else []
    more += [f"{shapes:,} records of unknown shape read by the fallback"] if shapes else []
    more += [f"{coverage.media_unread:,} images or files not looked into"] if coverage.media_unread else []
    return ". ".join([line, *more]) + "."


def _row(finding: Finding) -> dict[str, Any]:
    about = finding.domain or finding.clause
    known = finding_json(finding)
    evidence = known["evidence"]
    return {
        **known,
        "what": about if finding.verdict == "violation" else f"{finding.verdict}: {about}",
        "who": finding.principal.rpartition(":")[2] or finding.principal,
        "object": evidence["object"],
        "line": evidence["line"],
        "request_id": evidence["request_id"],
    }
