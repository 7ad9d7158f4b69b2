"""Turns a stored finding into an alert: what a person must know to act, and never a word of anybody's prompt."""

from __future__ import annotations

from enum import StrEnum

from msgspec.structs import replace

from bedrock_audit.alerts.plain import one_line
from bedrock_audit.finding import Finding
from bedrock_audit.record import Value

MOST_SENTENCES = 12
LONGEST_SENTENCE = 300
LONGEST_NAME = 200


class Cause(StrEnum):
    """What happened to the finding; all but a repetition is news."""

    NEW = "new"
    REOPENED = "reopened"
    RAISED = "severity-raised"
    REPEATED = "repeated"


class Alert(Value, frozen=True):
    """A finding that somebody may be told about, and why now.

    `added` counts the occurrences that came with this change. `reach` are the options with which the command line
    finds the store, with a space before them (` --aws --region eu-central-1`).
    """

    cause: Cause
    finding: Finding
    added: int = 0
    reach: str = ""

    @property
    def subject(self) -> str:
        """One line: how bad, what, who."""
        finding = self.finding
        about = f"[{finding.severity}] {finding.verdict}: {one_line(finding.domain or finding.clause)}"
        return f"{about} by {caller(finding)}" if finding.principal else about

    @property
    def command(self) -> str:
        """What to type to see the evidence."""
        return f"bedrock-audit findings show {self.finding.id}{self.reach}"

    @property
    def identity(self) -> str:
        """The same for the same news: a finding is new once, reopened once per reopening, raised once per severity."""
        turn = {Cause.REOPENED: str(self.finding.version), Cause.RAISED: self.finding.severity.value}
        return f"{self.finding.id}#{self.cause}#{turn.get(self.cause, '')}"


def alert(finding: Finding, cause: Cause = Cause.NEW, *, added: int = 0, reach: str = "") -> Alert:
    """The alert about a finding, without what may quote content: excerpt, hash of the text, words of reviewers.

    Its sentences are bounded, so that the message stays far below the 256 KB that SNS takes.
    """
    told = replace(
        finding,
        evidence=replace(finding.evidence, excerpt=None, spans=(), text_hash=""),
        explanation=tuple(one_line(each, limit=LONGEST_SENTENCE) for each in finding.explanation[:MOST_SENTENCES]),
        title=one_line(finding.title, limit=LONGEST_SENTENCE),
        history=(),
    )
    return Alert(cause=cause, finding=told, added=added, reach=reach)


def caller(finding: Finding) -> str:
    """The principal without the part of its ARN that every principal has."""
    name = finding.principal.split(":", 5)[-1]
    return one_line(name, limit=LONGEST_NAME) or "an unknown caller"
