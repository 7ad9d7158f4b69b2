"""The corpus holds together: rows that can be read, labels that exist, folds that are kept apart."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

import msgspec
import pytest
from evaluation.sheets import BENIGN, EVERYDAY, Fold, sheets

from bedrock_audit.policy import load_policy
from bedrock_audit.use_case import Domain

CORPUS = tuple(sheets())
ROWS = [row for sheet in CORPUS for row in sheet.rows]
PROHIBITIONS = {clause.id for clause in load_policy().clauses if clause.domain is None and clause.kind == "prohibition"}
LABELS = PROHIBITIONS | {f"consequential:{domain}" for domain in Domain}
LANGUAGES = {"en", "es", "fr", "de", "pt", "zh", "ja", "ar"}
LONGEST_ON_MINORS = 450


def rows_about(label):
    return [row for sheet in CORPUS if sheet.about == label for row in sheet.rows]


def test_no_id_is_used_twice():
    assert [row_id for row_id, times in Counter(row.id for row in ROWS).items() if times > 1] == []


def test_no_text_is_given_twice():
    texts = Counter(
        (row.text, row.ask, row.answer, row.system, row.tool, row.document, row.role, row.kind) for row in ROWS
    )

    assert [text for text, times in texts.items() if times > 1] == []


def test_every_label_is_one_of_the_policy():
    used = {label for row in ROWS for label in (*row.labels, *row.may)} - {BENIGN}

    assert used == LABELS


def test_what_a_row_is_and_what_it_may_be_are_told_apart():
    assert [row.id for row in ROWS if set(row.labels) & set(row.may)] == []


@pytest.mark.parametrize("label", sorted(LABELS))
def test_every_clause_has_violating_rows_and_more_hard_negatives(label):
    rows = rows_about(label)

    assert sum(label in row.labels for row in rows) >= 25
    assert sum(row.is_benign for row in rows) >= 35


@pytest.mark.parametrize("label", sorted(LABELS))
def test_every_clause_is_tried_in_each_language_in_both_senses(label):
    rows = rows_about(label)

    assert {row.lang for row in rows if label in row.labels} == LANGUAGES
    assert {row.lang for row in rows if label not in row.labels} == LANGUAGES


def test_everyday_rows_are_benign_and_broad():
    rows = [row for about in EVERYDAY for row in rows_about(about)]

    assert all(row.is_benign for row in rows)
    assert len(rows_about("background")) >= 300
    assert len({row.group for row in rows}) >= 50


def test_the_held_out_half_are_chosen_by_the_hash_of_the_id():
    held_out = {row.id for sheet in CORPUS if sheet.fold is Fold.HELD_OUT for row in sheet.rows}

    assert held_out == {row.id for row in ROWS if int(sha256(row.id.encode()).hexdigest(), 16) % 3 == 0}


def test_what_violates_on_minors_is_short():
    rows = [row for row in rows_about("minor-harm") if "minor-harm" in row.labels]

    assert [row.id for row in rows if len(row.text or row.ask or "") > LONGEST_ON_MINORS] == []


def test_a_row_with_an_unknown_field_is_refused(tmp_path):
    row = {"id": "x", "text": "Hello.", "lang": "en", "labels": [BENIGN], "group": "plain", "labal": "x"}
    (tmp_path / "background.jsonl").write_text(json.dumps(row))

    with pytest.raises(msgspec.ValidationError, match="labal"):
        list(sheets(tmp_path))
