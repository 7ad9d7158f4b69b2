"""Checks clause files: compiles them, runs their cases, and says in lines for people what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bedrock_audit.detect.cases import Outcome, exchanges_of, outcomes
from bedrock_audit.detect.detector import Detector
from bedrock_audit.policy.compiled import Policy
from bedrock_audit.policy.loader import load_policy, read_with_cases
from bedrock_audit.record import Value


class Report(Value, frozen=True):
    """What a check found: `lines` to print, `failed` cases, `cases` run."""

    lines: tuple[str, ...]
    failed: int
    cases: int


def checked(folder: Path | None, *, wanted: frozenset[str], verbose: bool) -> Report:
    """The clauses of the folder (ours, if None) checked; `wanted` ids only, if any are given."""
    policy = load_policy(folder, only=wanted)
    detector = Detector(policy)
    lines: list[str] = []
    failed = cases = 0
    for read in read_with_cases(folder):
        if (wanted and read.id not in wanted) or not read.file.enabled:
            continue
        done = list(outcomes(read.id, read.file, detector))
        wrong = [outcome for outcome in done if outcome.trouble]
        lines.append(f"{read.id}: {len(done) - len(wrong)} of {len(done)} cases as they should be")
        for outcome in done if verbose else wrong:
            lines += [f"  {line}" for line in _shown(outcome, read.id, detector)]
        failed += len(wrong)
        cases += len(done)
    lines.append(f"{cases} cases, {failed} wrong")
    return Report(lines=tuple(lines), failed=failed, cases=cases)


def _shown(outcome: Outcome, clause_id: str, detector: Detector) -> Iterator[str]:
    case = outcome.case
    text = case.text or " | ".join(
        f"{n}: {t}" for n in ("system", "document", "tool", "ask", "answer") if (t := getattr(case, n))
    )
    yield f"{'must' if outcome.must_match else 'must not'}: {text[:200]!r}  -> {outcome.trouble or 'as it should'}"
    if case.why:
        yield f"    why: {case.why}"
    found, record = exchanges_of(case)
    for exchange in found:
        for seen in detector.seen(exchange, record, clause_id):
            yield f"    {seen}"


def own_signals(policy: Policy, clause_id: str) -> list[str]:
    """The keys of the signals that are the clause's own."""
    return [key for key in policy.signals if key.startswith(f"{clause_id}/")]
