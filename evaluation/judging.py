"""Asks the detector what it finds in each row of the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaluation.scores import Judged
from evaluation.sheets import BENIGN, Row, Sheet

from bedrock_audit.detect import Detector, Match


def judged(sheets: Iterable[Sheet], detector: Detector) -> Iterator[tuple[Sheet, Judged]]:
    """Each row with what was found in it, and the sheet it stands in."""
    for sheet in sheets:
        for row in sheet.rows:
            yield sheet, judge(row, about=sheet.about, detector=detector)


def judge(row: Row, *, about: str, detector: Detector) -> Judged:
    """The row with the labels that the whole policy finds in any of its exchanges."""
    found, record = row.exchanges()
    matches = [match for exchange in found for match in detector.matches(exchange, record)]
    return Judged(
        about=about,
        group=row.group,
        lang=row.lang,
        labels=frozenset(row.labels) - {BENIGN},
        may=frozenset(row.may),
        found=frozenset(_label(match) for match in matches),
    )


def _label(match: Match) -> str:
    return f"consequential:{match.domain}" if match.domain else match.clause
