"""`check-text`: a line of JSON out for every line in, and what becomes of lines that cannot be judged."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from bedrock_audit.cli import main
from tests.policy.written import a_folder, seeing


def check(*lines, folder=None):
    """The exit code and the answers to these lines (values are written as JSON)."""
    given = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    options = ["--clauses", str(folder)] if folder else []
    done = CliRunner().invoke(main, ["check-text", *options], input=given)
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_harmless_text_matches_nothing_and_has_every_score():
    code, (answer,) = check({"id": "1", "text": "How do I bake bread?"})

    assert code == 0
    assert answer["id"] == "1"
    assert answer["matches"] == []
    assert set(answer["scores"].values()) == {0.0}
    assert {"disinformation", "consequential-decision", "consequential:lending", "minor-harm"} <= set(answer["scores"])


def test_a_match_is_told_with_its_place_in_the_text(tmp_path):
    code, (answer,) = check({"id": 7, "text": "A red fox."}, folder=a_folder(tmp_path, seeing("red fox")))

    assert code == 0
    assert answer["id"] == 7
    assert answer["matches"] == [{"clause": "fox", "score": 0.8, "tier": "clause", "spans": [[2, 9]]}]
    assert answer["scores"]["fox"] == 0.8


def test_a_domain_is_told_and_scored():
    _, (answer,) = check({"id": "1", "text": "Should we reject this loan applicant? Her credit score is 540."})

    assert {(match["clause"], match["domain"]) for match in answer["matches"]} == {
        ("consequential-decision", "lending")
    }
    assert answer["scores"]["consequential-decision"] == answer["scores"]["consequential:lending"] > 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param("nonsense", "JSON is malformed", id="no JSON"),
        pytest.param('{"id": "3"}', "`text`", id="no text"),
        pytest.param('{"text": 3}', "Expected `str`", id="a number"),
        pytest.param('{"text": "a", "role": "king"}', "king", id="unknown role"),
        pytest.param('{"text": "\\ud800"}', "", id="half a character"),
    ],
)
def test_a_line_that_cannot_be_judged_is_named_and_the_rest_is_judged(line, message):
    code, answers = check({"id": "1", "text": "Hello."}, line, "", {"id": "2", "text": "Bye."})

    assert code == 3
    assert [answer["id"] for answer in answers] == ["1", None, "2"]
    assert answers[1]["line"] == 2
    assert message in answers[1]["error"]


def test_a_file_is_read(tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text('{"id": "1", "text": "Hello."}\n', encoding="utf-8")

    done = CliRunner().invoke(main, ["check-text", str(path)])

    assert done.exit_code == 0
    assert json.loads(done.stdout)["id"] == "1"


def test_a_file_that_is_not_there_is_a_clear_line():
    done = CliRunner().invoke(main, ["check-text", "nowhere.jsonl"])

    assert done.exit_code == 2
    assert "nowhere.jsonl: cannot be read: No such file" in done.stderr


def test_what_another_command_writes_is_read():
    """As `check-text <(some command)` has it: a file that is none."""
    reading, writing = os.pipe()
    os.write(writing, b'{"id": "1", "text": "Good morning."}\n')
    os.close(writing)

    done = CliRunner().invoke(main, ["check-text", f"/dev/fd/{reading}"])
    os.close(reading)

    assert done.exit_code == 0
    assert json.loads(done.stdout)["id"] == "1"
