"""Findings and coverage as rows for people: the columns every command shows them with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bedrock_audit.cli.output import Column
from bedrock_audit.coverage import Coverage
from bedrock_audit.finding import Finding, Verdict
from bedrock_audit.finding_json import finding_json

FINDING_COLUMNS = (
    Column("id", "id", whole=True),
    Column("severity", "severity", whole=True),
    Column("what", "what", width=34, wraps=True),
    Column("who", "who", width=24),
    Column("disposition", "disposition", detail=True),
    Column("status", "status", width=14),
    Column("occurrences", "seen", right=True, whole=True),
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


_ON_TRIAL = " (on trial)"
"""Behind what a clause in stage shadow found."""


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """A row per finding: the JSON of the contract, plus what a table says shorter."""
    return [_row(finding) for finding in findings]


def coverage_line(coverage: Coverage) -> str:
    """One sentence that says how much was seen and what was not."""
    line = (
        f"Coverage: {coverage.audited:,} of {coverage.records:,} invocations audited"
        f" in {counted(coverage.objects, 'object')} ({counted(coverage.exchanges, 'exchange')});"
        f" {coverage.unreadable:,} unreadable, {coverage.unscanned:,} unscanned"
    )
    gaps = ", ".join(f"{reason} {count:,}" for reason, count in coverage.gaps.items())
    shapes = sum(coverage.unknown_shapes.values())
    more = [f"not seen: {gaps}"] if gaps else []
    more += [f"{shapes:,} records with strings of unknown shape"] if shapes else []
    more += [f"{coverage.media_unread:,} images or files not looked into"] if coverage.media_unread else []
    more += [f"{coverage.skipped:,} left out: no invocations, or outside the period"] if coverage.skipped else []
    return ". ".join([line, *more]) + "."


def counted(count: int, noun: str) -> str:
    """So many of them, in words."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _row(finding: Finding) -> dict[str, Any]:
    known = finding_json(finding)
    evidence = known["evidence"]
    return {
        **known,
        "what": _what(finding) + _ON_TRIAL * finding.shadow,
        "who": finding.principal.rpartition(":")[2] or finding.principal or evidence["object"].rpartition("/")[2],
        "object": evidence["object"],
        "line": evidence["line"],
        "request_id": evidence["request_id"],
    }


def _what(finding: Finding) -> str:
    about = finding.domain or finding.clause
    if finding.verdict is Verdict.VIOLATION:
        return about
    is_about_itself = finding.verdict in {Verdict.COVERAGE_GAP, Verdict.COULD_NOT_EVALUATE, Verdict.LOGGING_TAMPERED}
    return finding.title if is_about_itself else f"{finding.verdict}: {about}"
