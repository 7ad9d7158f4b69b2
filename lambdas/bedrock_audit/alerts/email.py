"""Writes an alert as a plain-text e-mail that a person can act on."""

from __future__ import annotations

from bedrock_audit.alerts.alert import Alert, Cause
from bedrock_audit.finding import Attribution, Finding, Verdict
from bedrock_audit.finding_json import iso

WIDTH = 78
_CAUSES = {
    Cause.NEW: "A new finding.",
    Cause.REOPENED: "This finding was resolved and has come up again.",
    Cause.RAISED: "This finding has become more severe.",
}
_WHY = {
    Verdict.VIOLATION: "The AWS Responsible AI Policy forbids this use; the account's owner answers for it.",
    Verdict.UNAPPROVED_USE: "The policy asks for a risk evaluation, human oversight and testing before such decisions.",
    Verdict.LAPSED_APPROVAL: "The approval has ended; until it is renewed the use is not covered.",
    Verdict.SAFEGUARD_MISSING: "The approval rests on a safeguard that these calls do not show.",
    Verdict.COULD_NOT_EVALUATE: "What could not be read was not audited: silence here is not compliance.",
    Verdict.COVERAGE_GAP: "What is not logged cannot be audited: silence here is not compliance.",
    Verdict.LOGGING_TAMPERED: "Without logs no use can be audited.",
}


def subject(alert: Alert) -> str:
    """The alert's subject as SNS takes it."""
    return plain_subject(alert.subject)


def plain_subject(text: str) -> str:
    """At most 100 printable ASCII characters, which is what an SNS subject may be."""
    plain = "".join(char if " " <= char <= "~" else "?" for char in text)
    return plain if len(plain) <= 100 else f"{plain[:97]}..."


def body(alert: Alert) -> str:
    """The text of the e-mail."""
    finding = alert.finding
    facts = {
        "What": finding.title or finding.clause,
        "Clause": finding.clause + (f" ({finding.domain})" if finding.domain else ""),
        "Severity": f"{finding.severity} (model: {finding.disposition})",
        "How sure": f"{finding.score:.0%} by {finding.detector}",
        "Who": f"{finding.principal} ({_attribution(finding)})",
        "Use case": finding.use_case or "none",
        "How often": _how_often(finding),
        "Account": f"{finding.account} in {finding.region}",
        "Where": f"{finding.evidence.object} line {finding.evidence.line}",
        "Request": finding.evidence.request_id,
    }
    lines = [_CAUSES[alert.cause], "", *(f"{name + ':':<11}{_line(fact)}" for name, fact in facts.items()), ""]
    lines += [f"- {_line(sentence)}" for sentence in finding.explanation]
    lines += ["", _WHY[finding.verdict], "", "See the evidence:", f"  {alert.command}"]
    return "\n".join(lines) + "\n"


def _how_often(finding: Finding) -> str:
    if finding.occurrences == 0:
        return f"only in history that was sent along, {iso(finding.last_seen)}"
    if finding.occurrences == 1:
        return f"once, {iso(finding.last_seen)}"
    return f"{finding.occurrences:,} times, {iso(finding.first_seen)} to {iso(finding.last_seen)}"


def _attribution(finding: Finding) -> str:
    return "verified by IAM" if finding.attribution is Attribution.VERIFIED else "the caller's own word"


def _line(text: str) -> str:
    """One line whatever the text: line breaks and control characters could forge further lines."""
    return "".join(char if char.isprintable() else "?" for char in text)
