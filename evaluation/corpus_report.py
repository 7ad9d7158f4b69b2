"""Writes how well the clauses do: `python -m evaluation.corpus_report [--corpus DIR] [--others FILE] [--out FILE]`."""

from __future__ import annotations

import argparse
import os
import platform
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from evaluation.judging import judged
from evaluation.others import judged as texts_of_others
from evaluation.scores import (
    Judged,
    Share,
    false_positives,
    flagged_wrongly,
    found_whole,
    precision,
    recall,
)
from evaluation.sheets import EVERYDAY, FOLDER, Fold, sheets

from bedrock_audit import __version__
from bedrock_audit.detect import Detector
from bedrock_audit.policy import load_policy

FEWEST = 10
"""Rows of a language or group that a line of its own needs; fewer say nothing."""

ABOUT = "ABOUT.md"
"""Beside the sheets: what they are, and what they can tell."""
OTHERS = """\
A development set of public texts that the product does not carry, labels as sure as their publishers; texts harmful in
other ways are left out. Labels are one to a text, so what else of the same kind is found in a violating text counts
neither way. The clauses were tried on these sources while they were written, so this flatters more than the held-out
rows; what benign texts are flagged is partly what their publishers did not look for."""

_BOTH = " | ".join(f"{what}, {fold}" for fold in Fold for what in ("violating found", "benign flagged"))


def main(arguments: list[str] | None = None) -> None:
    """Judge every row of the corpus by our clauses and write the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=FOLDER, help="a folder of sheets (JSON Lines)")
    parser.add_argument("--others", type=Path, help="labelled texts of others as well (see evaluation/others.py)")
    parser.add_argument("--out", type=Path, help="the file to write; standard output without it")
    chosen = parser.parse_args(arguments)
    text = "\n".join(report(chosen.corpus, others=chosen.others)) + "\n"
    if chosen.out is None:
        print(text, end="")
    else:
        chosen.out.write_text(text, encoding="utf-8")


def report(corpus: Path, *, others: Path | None = None) -> Iterator[str]:
    """The lines of the report on a folder of sheets; with `others`, a section on the texts of that file."""
    policy = load_policy()
    detector = Detector(policy)
    rows: dict[Fold, list[Judged]] = {fold: [] for fold in Fold}
    for sheet, one in judged(sheets(corpus), detector):
        rows[sheet.fold].append(one)
    yield "# What the clauses find, measured"
    yield ""
    yield f"{datetime.now(UTC).date()}, engine {__version__}, policy {policy.version}, clauses alone (no classifier, no"
    yield f"judge), {_machine()}. Written by `python -m evaluation.corpus_report`."
    if (corpus / ABOUT).exists():
        yield ""
        yield (corpus / ABOUT).read_text(encoding="utf-8").rstrip()
    for fold in Fold:
        yield from _by_clause(fold, rows[fold])
    yield from _by("language", rows, lambda row: row.lang)
    yield from _by("group", rows, lambda row: row.group)
    if others is not None:
        yield from _on_others(others, detector)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _by_clause(fold: Fold, rows: list[Judged]) -> Iterator[str]:
    everyday = [row for row in rows if row.about in EVERYDAY]
    violating = sum(not row.is_benign for row in rows)
    yield ""
    yield f"## Per clause, {fold} rows"
    yield ""
    yield f"{len(rows)} rows: {violating} violating, {len(everyday)} everyday ones, the rest hard negatives."
    yield ""
    yield "| clause | precision | recall | its hard negatives flagged | everyday rows flagged |"
    yield "| --- | --- | --- | --- | --- |"
    for label in sorted({row.about for row in rows} - set(EVERYDAY)):
        hard = [row for row in rows if row.about == label and row.is_benign]
        shares = (precision(rows, label), recall(rows, label), false_positives(hard, label))
        yield _line(f"`{label}`", *shares, false_positives(everyday, label))
    hard = [row for row in rows if row.about not in EVERYDAY]
    yield _line("all together", _precision(rows), found_whole(rows), flagged_wrongly(hard), flagged_wrongly(everyday))
    told = ((sheet, flagged_wrongly([row for row in rows if row.about == sheet])) for sheet in EVERYDAY)
    yield from (
        "",
        "Everyday rows flagged with anything: " + ", ".join(f"{sheet} {share}" for sheet, share in told) + ".",
    )


def _precision(rows: list[Judged]) -> Share:
    """Of all labels given, those that are right."""
    right = sum(len(row.labels & row.found) for row in rows)
    return Share(right, right + sum(len(row.wrong) for row in rows))


def _by(what: str, rows: dict[Fold, list[Judged]], key: Callable[[Judged], str]) -> Iterator[str]:
    yield ""
    yield f"## Per {what}"
    yield ""
    yield f"| {what} | {_BOTH} |"
    yield "| --- | --- | --- | --- | --- |"
    counts = Counter(key(row) for fold in Fold for row in rows[fold])
    values = sorted(value for value, count in counts.items() if count >= FEWEST)
    for value in values:
        yield _both(value, [[row for row in rows[fold] if key(row) == value] for fold in Fold])
    yield _both("all others", [[row for row in rows[fold] if key(row) not in values] for fold in Fold])


def _on_others(path: Path, detector: Detector) -> Iterator[str]:
    judged_texts = list(texts_of_others(path, detector))
    rows = [row for _, row in judged_texts]
    yield from ("", "## On texts of others", "", OTHERS, "")
    yield "| clause | precision | recall | benign texts flagged |"
    yield "| --- | --- | --- | --- |"
    benign = [row for row in rows if row.is_benign]
    for label in sorted({label for row in rows for label in row.labels | row.found}):
        yield _line(f"`{label}`", precision(rows, label), recall(rows, label), false_positives(benign, label))
    yield from ("", "| source | licence | violating found | benign flagged |", "| --- | --- | --- | --- |")
    for source, licence in sorted({(text.source, text.licence) for text, _ in judged_texts}):
        own = [row for row in rows if row.about == source]
        yield _line(f"{source} | {licence}", found_whole(own), flagged_wrongly(own))


def _both(name: str, folds: list[list[Judged]]) -> str:
    return _line(name, *(share for rows in folds for share in (found_whole(rows), flagged_wrongly(rows))))


def _line(name: str, *shares: Share) -> str:
    return f"| {name} | {' | '.join(str(share) for share in shares)} |"


if __name__ == "__main__":
    main()
