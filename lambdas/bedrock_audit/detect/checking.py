"""Checks clauses: lints them, runs their cases, and says which other clauses see the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bedrock_audit.detect.cases import Outcome, exchanges_of, outcomes
from bedrock_audit.detect.detector import Detector
from bedrock_audit.policy.compiled import Clause, Policy
from bedrock_audit.policy.compiling import ReadClause
from bedrock_audit.policy.loader import load_policy, read_with_cases
from bedrock_audit.record import Value

OVERLAPPING = 0.25
"""Share of a clause's cases that another clause may match too before the two are said to overlap."""


class Trouble(Value, frozen=True):
    """A case that comes out wrong: its line in the file, what it says, what is wrong, and what each signal saw."""

    line: int
    expected: str
    text: str
    trouble: str
    seen: tuple[str, ...]


class ClauseReport(Value, frozen=True):
    """What a check found about one clause."""

    clause: str
    must_match: int
    must_not_match: int
    wrong: tuple[Trouble, ...]
    warnings: tuple[str, ...]


def checked(
    folder: Path | None, *, wanted: frozenset[str] = frozenset(), every: bool = False
) -> Iterator[ClauseReport]:
    """Each clause of the folder (ours, if None), or those `wanted`; with `every`, right cases are listed as well.

    Raises ConfigurationError for a clause that cannot be used at all.
    """
    detector = Detector(load_policy(folder, only=wanted))
    for read in read_with_cases(folder):
        if read.file.enabled and (not wanted or read.id in wanted):
            yield _report(read, detector, every=every)


def _report(read: ReadClause, detector: Detector, *, every: bool) -> ClauseReport:
    done = list(outcomes(read, detector))
    cases = read.file.cases
    return ClauseReport(
        clause=read.id,
        must_match=len(cases.must_match),
        must_not_match=len(cases.must_not_match),
        wrong=tuple(_trouble(one, read, detector) for one in done if one.trouble or every),
        warnings=tuple(_warnings(read, done, detector)),
    )


def _trouble(outcome: Outcome, read: ReadClause, detector: Detector) -> Trouble:
    found, record = exchanges_of(outcome.case)
    seen = [line for exchange in found for line in detector.seen(exchange, record, read.id)]
    return Trouble(
        line=read.located.line("cases", outcome.section, outcome.position),
        expected=outcome.section,
        text=outcome.case.shown() if detector.policy.by_id[read.id].keeps_text else "(not shown)",
        trouble=outcome.trouble,
        seen=tuple(seen),
    )


def _warnings(read: ReadClause, done: Sequence[Outcome], detector: Detector) -> Iterator[str]:
    policy, clause = detector.policy, detector.policy.by_id[read.id]
    if not clause.rules:
        return  # a requirement: what is asked of an organisation may show in no text
    if not read.file.cases.must_match:
        yield "has no case that must match"
    if not read.file.cases.must_not_match:
        yield "has no case that must not match"
    yield from (f"signal {name} is used by nothing" for name in _unused(clause, policy))
    yield from (f"has phrases in {language}, which languages does not name" for language in _unnamed_languages(read))
    exercised = {rule for one in done for rule in one.rules if one.section == "must-match"}
    yield from (f"rule {rule.id} holds for none of its cases" for rule in clause.rules if rule.id not in exercised)
    yield from _overlaps(clause, [one for one in done if one.section == "must-match"], policy)


def _unnamed_languages(read: ReadClause) -> list[str]:
    written = (signal.phrases for signal in read.file.signals.values())
    found = {language for phrases in written if isinstance(phrases, dict) for language in phrases}
    return sorted(found - set(read.file.languages))


def _overlaps(clause: Clause, done: Sequence[Outcome], policy: Policy) -> Iterator[str]:
    others = Counter(other for one in done for other in one.others if policy.by_id[other].clause != clause.clause)
    for other, count in others.most_common():
        if count > OVERLAPPING * len(done):
            yield f"overlaps with {other}, which also matches {count} of its {len(done)} cases"


def _unused(clause: Clause, policy: Policy) -> list[str]:
    used: set[str] = set()
    for rule in clause.rules:
        used |= {*rule.named, *(excuse.context for excuse in rule.excuses)}
    for signal in policy.signals.values():
        used |= {excuse.context for excuse in signal.excuses}
    own = [signal for key, signal in policy.signals.items() if key.startswith(f"{clause.id}/")]
    return [signal.name for signal in own if signal.key not in used]
