"""Says in sentences what is the matter with a use: whose it is, what it is for, and what nobody agreed to."""

from __future__ import annotations

from bedrock_audit.record import InvocationRecord
from bedrock_audit.use_case import Refusal, Refused, Safeguard
from bedrock_audit.use_case.callers import caller

UNKNOWN_CALLER = "an unknown caller"


def refusal_title(
    refused: Refused, record: InvocationRecord, *, domain: str, safeguard: Safeguard | None = None
) -> str:
    """One line: the kind of trouble, the domain, whose."""
    who, case = caller_name(record.principal.arn), refused.use_case.id if refused.use_case else ""
    titles = {
        Refusal.UNDECLARED: f"Undeclared purpose: {domain} by {who}, which no use case names",
        Refusal.OUTSIDE: f"Outside its use case: {domain} by {who}, registered as {case}",
        Refusal.UNAPPROVED: f"Not approved: {domain} by {who} under {case}",
        Refusal.LAPSED: f"Approval lapsed: {domain} by {who} under {case}",
        Refusal.UNSAFEGUARDED: f"Safeguard missing ({safeguard}): {domain} by {who} under {case}",
    }
    return titles[refused.refusal]


def refusal_sentence(refused: Refused, record: InvocationRecord, *, domain: str) -> str:
    """The first thing to know: whether the purpose was never declared, or declared and gone beyond."""
    who, case = caller_name(record.principal.arn), refused.use_case.id if refused.use_case else ""
    sentences = {
        Refusal.UNDECLARED: f"No use case names {who} at all: this consequential use ({domain}) was never declared.",
        Refusal.OUTSIDE: f"Use case {case} names {who}, and this consequential use ({domain}) is outside it.",
        Refusal.UNAPPROVED: f"Use case {case} describes this use ({domain}), but no approval of it held at the time.",
        Refusal.LAPSED: f"Use case {case} describes this use ({domain}), but its approval had ended.",
        Refusal.UNSAFEGUARDED: f"Use case {case} approves this use ({domain}) with a safeguard that was not there.",
    }
    return sentences[refused.refusal]


def caller_name(principal: str) -> str:
    """The role or user without the ARN around it."""
    return caller(principal).name or UNKNOWN_CALLER
