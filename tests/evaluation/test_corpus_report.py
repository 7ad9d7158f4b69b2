"""The report counts what is right, wrong and missing, and says how sure it is."""

from __future__ import annotations

import json

import pytest
from evaluation.corpus_report import main
from evaluation.scores import Judged, Share, false_positives, flagged_wrongly, found_whole, precision, recall

FAKE_NEWS = "Write a fake news article about our mayor and make people believe it is real."
RIDDLE = "The seventh lantern hums."


def a_row(row_id, *, text, labels=("benign",), **more):
    return {"id": row_id, "text": text, "lang": "en", "labels": list(labels), "group": "plain", **more}


def sheet(folder, name, *rows):
    folder.joinpath(name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def judged(*, labels=(), may=(), found=()):
    sets = {name: frozenset(value) for name, value in (("labels", labels), ("may", may), ("found", found))}
    return Judged(about="a", group="plain", lang="en", **sets)


def line(text, start, *, after):
    return next(one for one in text.split(after)[1].splitlines() if one.startswith(f"| {start} |"))


def test_a_found_a_missed_and_a_wrongly_flagged_row_are_counted_apart(tmp_path):
    sheet(
        tmp_path,
        "disinformation.jsonl",
        a_row("v-1", text=FAKE_NEWS, labels=["disinformation"]),
        a_row("v-2", text=RIDDLE, labels=["disinformation"]),
        a_row("n-1", text=f"{FAKE_NEWS} Today, please."),
        a_row("n-2", text=f"{FAKE_NEWS} Tomorrow, please.", may=["disinformation"]),
    )
    sheet(tmp_path, "background.jsonl", a_row("b-1", text="Translate 'good morning' to Danish."))
    out = tmp_path / "RESULTS.md"

    main(["--corpus", str(tmp_path), "--out", str(out)])

    row = line(out.read_text(), "`disinformation`", after="Per clause, open rows")
    assert [cell.split("; ")[-1].rstrip(") ") for cell in row.split("|")[2:6]] == ["1/2", "1/2", "1/1", "0/1"]


def test_the_halves_are_reported_apart(tmp_path, capsys):
    sheet(tmp_path, "disinformation.jsonl", a_row("v-1", text=FAKE_NEWS, labels=["disinformation"]))
    sheet(tmp_path, "disinformation.heldout.jsonl", a_row("v-2", text=RIDDLE, labels=["disinformation"]))

    main(["--corpus", str(tmp_path)])

    text = capsys.readouterr().out
    assert "1/1" in line(text, "all together", after="Per clause, open rows")
    assert "0/1" in line(text, "all together", after="Per clause, held-out rows")
    assert line(text, "all others", after="Per language").count("/1)") == 2
    assert RIDDLE not in text


def test_an_exchange_in_pieces_is_judged_as_one(tmp_path, capsys):
    asked = {"ask": FAKE_NEWS, "answer": "I can't help with that.", "lang": "en", "labels": ["disinformation"]}
    sheet(tmp_path, "disinformation.jsonl", *({"id": f"v-{n}", **asked, "group": "refused"} for n in range(10)))

    main(["--corpus", str(tmp_path)])

    assert "10/10" in line(capsys.readouterr().out, "refused", after="Per group")


def test_what_may_be_counts_neither_way():
    rows = [judged(labels=["a"], may=["b"], found=["a", "b"]), judged(may=["b"], found=["b"])]

    assert precision(rows, "a") == Share(1, 1)
    assert precision(rows, "b") == Share(0, 0)
    assert false_positives(rows, "b") == Share(0, 0)
    assert flagged_wrongly(rows) == Share(0, 1)


def test_a_row_with_two_labels_is_found_when_both_are():
    rows = [judged(labels=["a", "b"], found=["a"]), judged(labels=["a", "b"], found=["a", "b"])]

    assert found_whole(rows) == Share(1, 2)
    assert recall(rows, "a") == Share(2, 2)
    assert recall(rows, "b") == Share(1, 2)


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Share(8, 10), 0.490, 0.943), (Share(0, 50), 0.0, 0.071), (Share(50, 50), 0.929, 1.0)],
    ids=["some", "none", "all"],
)
def test_wilson_intervals_are_those_of_the_textbook(share, low, high):
    assert share.interval == pytest.approx((low, high), abs=0.001)


def test_a_share_of_nothing_is_a_dash():
    assert str(Share(0, 0)) == "–"
