"""Turns a stored finding into an alert: what a person must know to act, and never a word of anybody's prompt."""

from __future__ import annotations

from enum import StrEnum

from msgspec.structs import replace

from bedrock_audit.finding import Finding
from bedrock_audit.record import Value


class Cause(StrEnum):
    """Why somebody is told now."""

    NEW = "new"
    REOPENED = "reopened"
    RAISED = "severity-raised"


class Alert(Value, frozen=True):
    """A finding that somebody is told about; excerpt and spans stay in the store."""

    cause: Cause
    finding: Finding

    @property
    def subject(self) -> str:
        """One line: how bad, what, who."""
        about = self.finding.domain or self.finding.clause
        return f"[{self.finding.severity}] {self.finding.verdict}: {about} by {self.who}"

    @property
    def who(self) -> str:
        """The principal without the part of its ARN that every principal has."""
        return self.finding.principal.rpartition(":")[2] or self.finding.principal

    @property
    def command(self) -> str:
        """What to type to see the evidence."""
        return f"bedrock-audit findings show {self.finding.id}"


def alert(finding: Finding, cause: Cause = Cause.NEW) -> Alert:
    """The alert about a finding; its evidence is reduced to where it stands."""
    evidence = replace(finding.evidence, excerpt=None, spans=())
    return Alert(cause=cause, finding=replace(finding, evidence=evidence))
