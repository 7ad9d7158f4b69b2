"""Reads labelled texts of other people, which the product does not carry, and judges them as the corpus is judged.

A file is JSON Lines, gzipped or not: `id`, `source`, `licence`, `text`, `labels`, `role` (prompt or completion),
`confidence` (high, medium, low). Labels may be coarser than ours (`consequential:medical`) and may hold `other-harm`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec
from evaluation.judging import judge
from evaluation.scores import Judged
from evaluation.sheets import BENIGN, Row

from bedrock_audit.detect import Detector

OTHER_HARM = "other-harm"
"""Harmful, but named by no clause: neither a violation nor a safe negative."""

COARSE = {
    "consequential:medical-diagnosis": "consequential:medical",
    "consequential:medical-advice": "consequential:medical",
    "consequential:financial-advice": "consequential:financial",
    "consequential:lending": "consequential:financial",
}


class Text(msgspec.Struct, frozen=True):
    """A labelled text of somebody else; further fields are passed over."""

    id: str
    source: str
    licence: str
    text: str
    labels: tuple[str, ...]
    role: str
    confidence: str
    lang: str = ""


def texts(path: Path) -> Iterator[Text]:
    """The texts whose labels are sure enough to be counted."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            text = msgspec.json.decode(line, type=Text)
            if text.confidence != "low" and OTHER_HARM not in text.labels:
                yield text


def judged(path: Path, detector: Detector) -> Iterator[tuple[Text, Judged]]:
    """Each text with what was found in it, in labels as coarse as theirs."""
    for text in texts(path):
        direction = "output" if text.role == "completion" else "input"
        row = Row(id=text.id, lang=text.lang, labels=text.labels, group="", text=text.text, direction=direction)
        one = judge(row, about=text.source, detector=detector)
        found = frozenset(COARSE.get(label, label) for label in one.found)
        yield text, msgspec.structs.replace(one, found=found, may=_may(one, found))


def _may(row: Judged, found: frozenset[str]) -> frozenset[str]:
    """Whoever labelled a text looked for one thing; what else of the same kind is in it, nobody said."""
    kinds = {label.partition(":")[0] == "consequential" for label in row.labels - {BENIGN}}
    return frozenset(label for label in found if (label.partition(":")[0] == "consequential") in kinds) - row.labels
