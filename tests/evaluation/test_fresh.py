"""The fresh corpus holds together, and its held-out half is the one that was written last."""

from __future__ import annotations

from collections import Counter

import pytest
from evaluation.sheets import BENIGN, FRESH, Fold, sheets

from bedrock_audit.policy import load_policy
from bedrock_audit.use_case import Domain

SHEETS = tuple(sheets(FRESH))
ROWS = [(sheet, row) for sheet in SHEETS for row in sheet.rows]
PROHIBITIONS = {clause.id for clause in load_policy().clauses if clause.domain is None and clause.kind == "prohibition"}
LABELS = PROHIBITIONS | {f"consequential:{domain}" for domain in Domain}


def test_no_id_and_no_text_is_there_twice():
    for key in ("id", "text"):
        assert [one for one, times in Counter(getattr(row, key) for _, row in ROWS).items() if times > 1] == []


def test_every_label_is_one_of_the_policy_and_has_rows():
    assert {label for _, row in ROWS for label in row.labels} - {BENIGN} == LABELS
    assert {label for _, row in ROWS for label in row.may} <= LABELS


def test_a_row_stands_in_the_sheet_of_its_label():
    assert [row.id for sheet, row in ROWS if sheet.about != ("background" if row.is_benign else row.labels[0])] == []


@pytest.mark.parametrize("fold", Fold)
def test_the_halves_are_told_by_who_wrote_them(fold):
    last = {row.id for sheet, row in ROWS if row.id.startswith("fi-")}

    assert {row.id in last for sheet, row in ROWS if sheet.fold is fold} == {fold is Fold.HELD_OUT}
