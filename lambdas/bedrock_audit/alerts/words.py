"""The sentences that e-mail and chats have in common: why now, why it matters, what to do."""

from __future__ import annotations

from bedrock_audit.alerts.alert import Alert, Cause
from bedrock_audit.finding import Verdict

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


def why_now(alert: Alert) -> str:
    """What happened to the finding."""
    return _CAUSES[alert.cause]


def why_it_matters(verdict: Verdict) -> str:
    """What the policy has against it."""
    return _WHY[verdict]


def what_to_do(verdict: Verdict) -> str:
    """The runbook in a line."""
    return _NEXT[verdict]
