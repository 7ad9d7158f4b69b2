"""What every chat shows of a finding: a few facts as name and text, and a few sentences; one line each."""

from __future__ import annotations

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.plain import how_often, one_line
from bedrock_audit.alerts.words import what_to_do, why_now

LONGEST_FACT = 700
"""The ARN of a role is shorter; all facts and reasons together stay below the 28 KB that Teams takes."""


def facts(alert: Alert) -> dict[str, str]:
    """Who, what, how often, where; harmless as text, but not yet in any chat's own markup."""
    finding = alert.finding
    told = {
        "Who": finding.principal or "not one caller",
        "Clause": finding.clause + (f" ({finding.domain})" if finding.domain else ""),
        "Model did": finding.disposition,
        "How sure": f"{finding.score:.0%}",
        "How often": how_often(finding),
        "Account": f"{finding.account} {finding.region}".strip() or "not one account",
        "Use case": finding.use_case or "none",
    }
    return {name: one_line(fact, limit=LONGEST_FACT) for name, fact in told.items()}


def sentences(alert: Alert) -> list[str]:
    """Why now, and why at all."""
    return [why_now(alert), *map(one_line, alert.finding.explanation)]


def steps(alert: Alert) -> list[str]:
    """What to do, and what to type to see the evidence."""
    return [f"What to do: {what_to_do(alert.finding.verdict)}", one_line(f"See the evidence: {alert.command}")]
