"""Writes an alert as a plain-text e-mail that a person can act on."""

from __future__ import annotations

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.plain import how_often, one_line
from bedrock_audit.alerts.words import what_to_do, why_it_matters, why_now
from bedrock_audit.finding import Attribution, Finding

LONGEST_SUBJECT = 99
LONGEST_FACT = 1200
"""The longest address of an object in S3 is shorter."""


def subject(alert: Alert) -> str:
    """The alert's subject as SNS takes it."""
    return plain_subject(alert.subject)


def plain_subject(text: str) -> str:
    """Printable ASCII of less than 100 characters, which is what an SNS subject may be."""
    plain = "".join(char if " " <= char <= "~" else "?" for char in one_line(text))
    return plain if len(plain) <= LONGEST_SUBJECT else f"{plain[: LONGEST_SUBJECT - 3]}..."


def body(alert: Alert) -> str:
    """The text of the e-mail."""
    finding = alert.finding
    facts = [f"{name + ':':<11}{one_line(fact, limit=LONGEST_FACT)}" for name, fact in _facts(finding).items()]
    reasons = [f"- {one_line(sentence)}" for sentence in finding.explanation]
    lines = [why_now(alert), "", *facts, "", *reasons, *([""] if reasons else [])]
    lines += [f"Why it matters: {why_it_matters(finding.verdict)}", f"What to do: {what_to_do(finding.verdict)}"]
    lines += ["", "See the evidence:", f"  {alert.command}"]
    return "\n".join(lines) + "\n"


def short(alert: Alert) -> str:
    """What fits a text message."""
    return f"{subject(alert)} {alert.finding.id}"


def _facts(finding: Finding) -> dict[str, str]:
    domain = f" ({finding.domain})" if finding.domain else ""
    evidence = finding.evidence
    return {
        "What": finding.title or finding.clause,
        "Clause": finding.clause + domain,
        "Severity": f"{finding.severity} (model: {finding.disposition})",
        "How sure": f"{finding.score:.0%} by {finding.detector}",
        "Who": f"{finding.principal} ({_attribution(finding)})" if finding.principal else "not one caller",
        "Use case": finding.use_case or "none",
        "How often": how_often(finding),
        "Account": f"{finding.account} in {finding.region}" if finding.account else "not one account",
        "Where": f"{evidence.object} line {evidence.line}" if evidence.object else "not one record",
        "Request": evidence.request_id or "none",
    }


def _attribution(finding: Finding) -> str:
    return "verified by IAM" if finding.attribution is Attribution.VERIFIED else "the caller's own word"
