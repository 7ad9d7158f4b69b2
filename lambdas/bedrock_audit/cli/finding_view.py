"""One finding for people, and many with all their occurrences for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from rich.table import Table
from rich.text import Text

from bedrock_audit.cli.finding_rows import FINDING_COLUMNS, finding_rows
from bedrock_audit.cli.output import Column, Format, console, harmless, output_format, print_json, print_rows
from bedrock_audit.cli.stores import store_reach
from bedrock_audit.finding import Disposition, Evidence, Finding, Status, Verdict
from bedrock_audit.finding_json import finding_json, iso, occurrence_json
from bedrock_audit.ports import Findings

LATEST = 5
FACTS = (Column("fact", ""), Column("value", ""))
OCCURRENCES = (Column("at", "when"), Column("request_id", "request", whole=True), Column("place", "where", width=26))
CHANGES = (Column("at", "when"), Column("actor", "who", width=28), Column("status", "became"), Column("reason", "why"))


def print_findings(found: Sequence[Finding], *, empty: str, title: str = "", most: int | None = None) -> None:
    """Findings in the format asked for: the contract's JSON for programs, rows for everybody else.

    A table shows at most `most` of them and says how many more there are.
    """
    if output_format() is Format.JSON:
        print_json([finding_json(finding) for finding in found])
        return
    shown = found[:most] if output_format() is Format.TABLE else found
    print_rows(finding_rows(shown), columns=FINDING_COLUMNS, title=title, empty=empty)
    if len(shown) < len(found):
        console().print(f"and {len(found) - len(shown):,} more; `-o csv` and `-o json` print all")


def print_finding(finding: Finding, findings: Findings) -> None:
    """The finding in the format asked for."""
    if output_format() is Format.JSON:
        print_json(finding_json(finding))
        return
    if output_format() is Format.CSV:
        print_rows(_facts(finding), columns=FACTS)
        return
    _print_facts(finding)
    latest = [_place(occurrence_json(one)) for one in findings.occurrences(finding.id, limit=LATEST)]
    if latest:
        shown = f"latest {LATEST} of {finding.occurrences:,}" if finding.occurrences > LATEST else "all"
        print_rows(latest, columns=OCCURRENCES, title=f"Occurrences, {shown}")
    if finding.history:
        print_rows(finding_json(finding)["history"], columns=CHANGES, title="What people decided")
    console().print(f"Next: {_next(finding, store_reach())}")


def exported(found: Iterable[Finding], findings: Findings) -> Iterator[bytes]:
    """One JSON array in pieces; each finding has its occurrences, latest first, as `seen`."""
    start = b"["
    for finding in found:
        seen = [occurrence_json(one) for one in findings.occurrences(finding.id)]
        yield start + b"\n" + msgspec.json.encode({**finding_json(finding), "seen": seen})
        start = b","
    yield b"[]\n" if start == b"[" else b"\n]\n"


def _print_facts(finding: Finding) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(overflow="fold")
    for row in _facts(finding):
        grid.add_row(Text(row["fact"], style="bold"), Text(harmless(row["value"])))
    console().print(
        Text(harmless(f"{finding.id}  {finding.title or finding.clause}"), style="bold"), "", grid, "", sep="\n"
    )


def _facts(finding: Finding) -> list[dict[str, Any]]:
    facts = {
        "what": finding.verdict
        + (f" of {finding.clause}" if finding.verdict == "violation" else f", {finding.clause}"),
        "domain": finding.domain,
        "severity": finding.severity,
        "status": finding.status,
        **_model(finding),
        "who": f"{finding.principal or 'unknown'} ({finding.attribution})" if _is_about_somebody(finding) else None,
        "end user": finding.end_user and f"{finding.end_user} (declared)",
        "account": f"{finding.account} {finding.region}".strip(),
        "use case": finding.use_case,
        "seen": _seen(finding),
        "evidence": _where(finding.evidence) if finding.evidence.object else None,
        "place": finding.evidence.location,
        "spans": ", ".join(f"{span.start}-{span.end}" for span in finding.evidence.spans),
        "excerpt": finding.evidence.excerpt,
        "silenced by": finding.suppressed_by,
        "on trial": "the clause does not alert yet" if finding.shadow else None,
        "judged by": f"{finding.detector}, score {finding.score:.2f}, policy {finding.policy_version}",
    }
    known = [{"fact": name, "value": value} for name, value in facts.items() if value]
    return known + [
        {"fact": "" if number else "because", "value": why} for number, why in enumerate(finding.explanation)
    ]


def _model(finding: Finding) -> dict[str, str]:
    if finding.disposition is Disposition.UNKNOWN and finding.verdict is not Verdict.VIOLATION:
        return {"model": finding.model_id}
    return {"model did": f"{finding.disposition} ({finding.model_id})" if finding.model_id else finding.disposition}


def _is_about_somebody(finding: Finding) -> bool:
    """What is about an object or a use case as a whole names neither a caller nor an account."""
    return bool(finding.principal or finding.account)


def _seen(finding: Finding) -> str:
    first, last = iso(finding.first_seen), iso(finding.last_seen)
    if not finding.occurrences:
        return f"only in the history that a later request sent along, {first}"
    times = "once" if finding.occurrences == 1 else f"{finding.occurrences:,} times"
    return f"{times}, {first}" if first == last else f"{times}, {first} to {last}"


def _where(evidence: Evidence) -> str:
    request = f", request {evidence.request_id}" if evidence.request_id else ""
    return f"{evidence.object} line {evidence.line}{request}"


def _place(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "place": f"{str(row['object']).rpartition('/')[2]}:{row['line']}" if row["object"] else ""}


def _next(finding: Finding, reach: str) -> str:
    """What to do now; `reach` are the options by which a command finds the same store."""
    if finding.status not in (Status.OPEN, Status.ACKNOWLEDGED):
        return f'bedrock-audit findings reopen {finding.id}{reach} --reason "…"'
    resolve = f'bedrock-audit findings resolve {finding.id}{reach} --reason "…"'
    if finding.verdict is Verdict.UNAPPROVED_USE and finding.use_case is None:
        return f"describe the use in YAML, `bedrock-audit use-case apply` it; or {resolve}"
    case = f"{finding.use_case}{reach}"
    if finding.verdict is Verdict.SAFEGUARD_MISSING and finding.use_case:
        return (
            f"bedrock-audit use-case show {case} for what it asks, use-case usage {case} for how it is used; {resolve}"
        )
    if finding.verdict in (Verdict.UNAPPROVED_USE, Verdict.LAPSED_APPROVAL):
        return f"bedrock-audit use-case show {case}; then {resolve}"
    return resolve
