"""Measures the clauses on labelled texts: precision and recall per clause, by source, written to LABELLED.md.

`python -m evaluation.clauses LABELLED.jsonl[.gz] [--out FILE]` reads JSON Lines `{id, source, text, labels, role}`;
labels are clause ids, `consequential:DOMAIN`, `benign`, `other-harm`. A row that carries `other-harm` beside a clause
is borderline and left out of that clause's figures; a row that is only `other-harm` counts against no clause.
"""

from __future__ import annotations

import argparse
import gzip
import platform
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from bedrock_audit.detect import Detector
from bedrock_audit.detect.single_text import SingleText, judged
from bedrock_audit.policy import load_policy
from bedrock_audit.record import Value

OTHER_HARM = "other-harm"
BENIGN = "benign"
WHOLE = "consequential-decision"
BROADER = {
    "consequential:medical": ("consequential:medical-diagnosis", "consequential:medical-advice"),
    "consequential:financial": ("consequential:financial-advice", "consequential:lending"),
    "consequential:legal": ("consequential:legal-advice", "consequential:judicial"),
}
"""Labels of labelled texts that stand for several of our domains: flagging any of them is right."""
_RESULTS = Path(__file__).with_name("LABELLED.md")
_FEW = 20


class Row(Value, frozen=True):
    """One labelled text."""

    id: str
    source: str
    text: str
    labels: list[str]
    role: Literal["prompt", "completion"] = "prompt"


class Counts(Value, frozen=True):
    """How one label came out: right, missed and wrong, and how many of the wrong were labelled harmless."""

    found: int
    missed: int
    wrong: int
    wrong_on_benign: int

    @property
    def precision(self) -> float | None:
        """Of what was flagged, how much rightly; None if nothing was."""
        return self.found / (self.found + self.wrong) if self.found + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Of what is labelled, how much was flagged; None if nothing is."""
        return self.found / (self.found + self.missed) if self.found + self.missed else None


Judgements = list[tuple[Row, frozenset[str]]]


def main() -> None:
    """Measures and writes."""
    options = _options()
    detector = Detector(load_policy())
    begin = time.process_time()
    done = [(row, _flagged(row, detector)) for row in _rows(options.labelled)]
    seconds = time.process_time() - begin
    lines = list(_report(done, version=detector.policy.version, seconds=seconds))
    options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")


def counted(done: Judgements, label: str) -> Counts:
    """The counts of one label over all rows that may speak of it."""
    counts: Counter[str] = Counter()
    for row, flagged in done:
        is_labelled, is_flagged = label in row.labels, label in flagged
        is_borderline = OTHER_HARM in row.labels or any(label in BROADER.get(one, ()) for one in row.labels)
        if is_labelled and OTHER_HARM not in row.labels:
            counts["found" if is_flagged else "missed"] += 1
        elif is_flagged and not is_labelled and not is_borderline:
            counts["wrong"] += 1
            counts["wrong_on_benign"] += row.labels == [BENIGN]
    return Counts(
        found=counts["found"], missed=counts["missed"], wrong=counts["wrong"], wrong_on_benign=counts["wrong_on_benign"]
    )


def _flagged(row: Row, detector: Detector) -> frozenset[str]:
    found = judged(SingleText(id=row.id, text=row.text, role=row.role), detector)
    flagged = {name for name, score in found.scores.items() if score > 0}
    return frozenset(flagged | {broad for broad, domains in BROADER.items() if flagged.intersection(domains)})


def _with_whole(row: Row) -> Row:
    """A row labelled with a domain is a consequential decision."""
    is_consequential = any(label.startswith("consequential:") for label in row.labels)
    return msgspec.structs.replace(row, labels=[*row.labels, WHOLE]) if is_consequential else row


def _rows(path: Path) -> Iterator[Row]:
    decoder = msgspec.json.Decoder(Row)
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            if line.strip():
                yield _with_whole(decoder.decode(line))


def _report(done: Judgements, *, version: str, seconds: float) -> Iterator[str]:
    labels = sorted({label for row, flagged in done for label in (*row.labels, *flagged)} - {BENIGN, OTHER_HARM})
    characters = sum(len(row.text) for row, _ in done)
    yield "# What the clauses find in other people's labelled texts"
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, policy `{version}`, rules alone, {len(done):,} labelled texts,"
    yield f"{characters / seconds / 1e6:.1f} MB/s on {platform.machine()}, Python {platform.python_version()}."
    yield "Written by `python -m evaluation.clauses`. Precision first: recall is the classifier's task."
    yield ""
    yield "| label | labelled | flagged rightly | flagged wrongly | of these harmless | precision | recall |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    yield from (_line(label, counted(done, label)) for label in labels)
    benign = [flagged for row, flagged in done if row.labels == [BENIGN]]
    flagged_benign = sum(map(bool, benign))
    yield ""
    share = _share(flagged_benign, len(benign))
    yield f"Of {len(benign):,} harmless texts {flagged_benign} are flagged by any clause ({share})."
    yield ""
    yield "## By source"
    yield ""
    yield from _by_source(done)


def _by_source(done: Judgements) -> Iterator[str]:
    """Sources that were written for other purposes differ more than splits of one; these figures mean the most."""
    by_source: dict[str, Judgements] = defaultdict(list)
    for row, flagged in done:
        by_source[row.source].append((row, flagged))
    yield f"Labels with at least {_FEW} texts in a source."
    yield ""
    yield "| source | label | labelled | precision | recall |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for source, rows in sorted(by_source.items()):
        labelled = Counter(label for row, _ in rows for label in row.labels)
        for label, count in sorted(labelled.items()):
            if count >= _FEW and label not in {BENIGN, OTHER_HARM}:
                counts = counted(rows, label)
                yield f"| {source} | {label} | {count} | {_figure(counts.precision)} | {_figure(counts.recall)} |"


def _line(label: str, counts: Counts) -> str:
    return (
        f"| {label} | {counts.found + counts.missed} | {counts.found} | {counts.wrong} | {counts.wrong_on_benign} "
        f"| {_figure(counts.precision)} | {_figure(counts.recall)} |"
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path, metavar="LABELLED")
    parser.add_argument("--out", type=Path, default=_RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
