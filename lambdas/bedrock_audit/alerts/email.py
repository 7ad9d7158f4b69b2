"""Writes an alert as a plain-text e-mail that a person can act on."""

from __future__ import annotations

from bedrock_audit.alerts.alert import Alert, Cause
from bedrock_audit.alerts.plain import how_often, one_line
from bedrock_audit.finding import Attribution, Finding, Verdict

LONGEST_SUBJECT = 99
LONGEST_FACT = 1200
"""The longest address of an object in S3 is shorter."""
_CAUSES = {
    Cause.NEW: "A new finding.",
    Cause.REOPENED: "This finding was resolved and has come up again.",
    Cause.RAISED: "This finding has become more severe.",
    Cause.REPEATED: "This finding has come up again.",
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
_NEXT = {
    Verdict.VIOLATION: "Look at the evidence, stop the caller if it is right, then resolve or dismiss the finding.",
    Verdict.UNAPPROVED_USE: "Have the use case registered and approved, or have the calls stopped.",
    Verdict.LAPSED_APPROVAL: "Have the approval renewed (bedrock-audit use-case approve), or the calls stopped.",
    Verdict.SAFEGUARD_MISSING: "Have the caller put the safeguard in place, or the use case say what is true.",
    Verdict.COULD_NOT_EVALUATE: "See what was not read (bedrock-audit coverage); audit the object again once it is.",
    Verdict.COVERAGE_GAP: "Set Bedrock's invocation logging to deliver what is missing.",
    Verdict.LOGGING_TAMPERED: "Put the logging configuration back, and ask who changed it (CloudTrail).",
}


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
    lines = [_CAUSES[alert.cause], "", *facts, "", *reasons, *([""] if reasons else [])]
    lines += [f"Why it matters: {_WHY[finding.verdict]}", f"What to do: {_NEXT[finding.verdict]}"]
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
