"""Takes people's decisions about findings: one by one by id, or all that filters choose, after showing which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bedrock_audit.cli.actor import acting, is_attended
from bedrock_audit.cli.finding_filters import Wanted
from bedrock_audit.cli.finding_rows import counted
from bedrock_audit.cli.finding_view import print_findings
from bedrock_audit.cli.output import Format, output_format
from bedrock_audit.cli.stores import opened_stores
from bedrock_audit.errors import BedrockAuditError, ConflictError
from bedrock_audit.finding import Finding, Status
from bedrock_audit.lifecycle import STEPS as ALLOWED
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import Findings
from bedrock_audit.record import Value

SHOWN = 20
"""Findings of a decision about many that a person is shown; more would push the question off the screen."""


class Step(Value, frozen=True):
    """A decision as a command: what it makes of a finding, in one word for people, and what the command is for."""

    to: Status
    word: str
    help: str


STEPS = {
    "acknowledge": Step(Status.ACKNOWLEDGED, "acknowledged", "Say that somebody is looking into findings."),
    "resolve": Step(Status.RESOLVED, "resolved", "Say that the matter is mended; it is reopened if it comes up again."),
    "dismiss": Step(Status.FALSE_POSITIVE, "dismissed", "Say that findings are false positives."),
    "accept": Step(Status.ACCEPTED, "accepted", "Say that the matter is known and accepted as it is."),
    "reopen": Step(Status.OPEN, "reopened", "Take a decision back: the matter is open again."),
}


class Selection(Value, frozen=True):
    """The findings a step is to be taken with, and those of the asked-for ones from which it is not allowed."""

    able: tuple[Finding, ...]
    unable: tuple[Finding, ...]


def take(step: Step, ids: Sequence[str], *, wanted: Wanted, actor: str | None, reason: str, is_agreed: bool) -> None:
    """Take the step and print what became of the findings; raises BedrockAuditError if it was not taken with all."""
    if bool(ids) != wanted.is_everything:
        raise BedrockAuditError("name findings by id, or choose them by filters such as --clause, but not both")
    transition = Transition(to=step.to, actor=acting(actor), at=datetime.now(UTC), reason=reason)
    with opened_stores(must_exist=True) as stores:
        selection = _by_id(ids, step, stores.findings) if ids else _by_filter(wanted, step, findings=stores.findings)
        if not ids and selection.able and not is_agreed:
            _ask(step, selection)
        changed, failed = _taken(selection.able, transition, stores.findings)
    failed += [_why_not(finding, step) for finding in selection.unable if ids]
    print_findings(changed, empty=f"No finding was {step.word}.", most=SHOWN)
    _say(step, changed, selection=selection, failed=failed)


def _by_id(ids: Sequence[str], step: Step, findings: Findings) -> Selection:
    found = [findings.get(finding_id) for finding_id in dict.fromkeys(ids)]
    missing = [finding_id for finding_id, finding in zip(dict.fromkeys(ids), found, strict=True) if finding is None]
    if missing:
        raise BedrockAuditError(f"there is no finding {', '.join(missing)}; nothing was changed")
    return _selection([finding for finding in found if finding], step)


def _by_filter(wanted: Wanted, step: Step, *, findings: Findings) -> Selection:
    return _selection(list(wanted.found(findings)), step)


def _selection(found: Sequence[Finding], step: Step) -> Selection:
    able = tuple(finding for finding in found if step.to in ALLOWED[finding.status])
    return Selection(able=able, unable=tuple(finding for finding in found if step.to not in ALLOWED[finding.status]))


def _ask(step: Step, selection: Selection) -> None:
    """Show what is about to be changed, the worst first, and have it agreed."""
    if output_format() is Format.TABLE:
        worst_first = sorted(selection.able, key=lambda finding: -finding.severity.rank)
        print_findings(worst_first, title=f"To be {step.word}", empty="", most=SHOWN)
    count, step_taken = counted(len(selection.able), "finding"), f"{step.word} ({_by_severity(selection.able)})"
    if not is_attended():
        raise BedrockAuditError(f"{count} would be {step_taken} and there is nobody to ask; say --yes if that is right")
    if not click.confirm(f"{count} will be {step_taken}. Go on?", err=True):
        raise BedrockAuditError("nothing was changed")


def _by_severity(findings: Sequence[Finding]) -> str:
    """How many there are of each severity, the worst first: `2 critical, 40 high`."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[severity]:,} {severity}" for severity in sorted(counts, key=lambda one: -one.rank))


def _why_not(finding: Finding, step: Step) -> str:
    """What a finding is, and how the step can be taken after all."""
    return f"{finding.id} is {finding.status}" + (" already" if finding.status is step.to else "; reopen it first")


def _taken(able: Sequence[Finding], transition: Transition, findings: Findings) -> tuple[list[Finding], list[str]]:
    """The findings afterwards, and why the step was not taken with others: somebody else may have been faster.

    What is no matter of one finding, such as a store that cannot be written, ends it: every other would fail as slowly.
    """
    changed: list[Finding] = []
    failed: list[str] = []
    for number, finding in enumerate(able):
        try:
            changed.append(findings.change(finding.id, transition, expected_version=finding.version))
        except ConflictError as error:
            failed.append(str(error))
        except BedrockAuditError as error:
            failed.append(f"{error}; {counted(len(able) - number, 'finding')} left as before")
            break
    return changed, failed


def _say(step: Step, changed: Sequence[Finding], *, selection: Selection, failed: Sequence[str]) -> None:
    left = f"; {counted(len(selection.unable), 'other')} left as before" if selection.unable else ""
    click.echo(f"{counted(len(changed), 'finding')} {step.word}{left}", err=True)
    if failed:
        more = f"; and {len(failed) - SHOWN:,} more" if len(failed) > SHOWN else ""
        raise BedrockAuditError(f"not {step.word}: {'; '.join(failed[:SHOWN])}{more}")
