"""The check of clauses: cases gone wrong, warnings, and half-written cases."""

from __future__ import annotations

import pytest

from bedrock_audit.detect.checking import checked
from bedrock_audit.errors import ConfigurationError
from tests.policy.written import HEAD, a_folder, seeing

CASES = """\
cases:
  must-match:
    - text: A red fox.
  must-not-match:
    - {text: A brown hen., why: another animal}
"""


def report(tmp_path, body, **more):
    (found,) = checked(a_folder(tmp_path, body), wanted=frozenset({"fox"}), **more)
    return found


def test_a_clause_that_is_right_has_nothing_against_it(tmp_path):
    found = report(tmp_path, seeing("red fox") + CASES)

    assert (found.clause, found.must_match, found.must_not_match) == ("fox", 1, 1)
    assert found.wrong == ()
    assert found.warnings == ()


def test_a_requirement_without_rules_needs_no_cases(tmp_path):
    head = HEAD.replace("kind: prohibition", "kind: requirement")

    (found,) = checked(a_folder(tmp_path, "", head=head), wanted=frozenset({"fox"}))

    assert found.warnings == ()


def test_a_case_gone_wrong_is_told_with_its_line_and_what_was_seen(tmp_path):
    found = report(tmp_path, seeing("red fox") + CASES.replace("A brown hen.", "No red fox."))

    (wrong,) = found.wrong
    assert (wrong.line, wrong.expected, wrong.text, wrong.trouble) == (19, "must-not-match", "No red fox.", "matches")
    assert wrong.seen == ("turn user: seen = 'red fox'", "turn: rule speaks holds")


def test_a_case_that_does_not_match_is_told(tmp_path):
    found = report(tmp_path, seeing("red fox") + CASES.replace("A red fox.", "A grey fox."))

    assert [one.trouble for one in found.wrong] == ["does not match"]


@pytest.mark.parametrize(
    ("case", "trouble"),
    [
        pytest.param("{ask: A red fox?, answer: I can't help with that., disposition: refused}", [], id="refused"),
        pytest.param(
            "{ask: A red fox?, answer: Yes., disposition: refused}",
            ["is taken for complied, not refused"],
            id="answered",
        ),
        pytest.param("{text: A red fox., rule: speaks}", [], id="the rule"),
        pytest.param("{text: A red fox., role: system}", [], id="a system prompt"),
        pytest.param("{text: A red fox., direction: output}", [], id="an answer"),
        pytest.param("{text: A red fox., kind: image-prompt}", [], id="an image prompt"),
        pytest.param("{text: A red fox., kind: negative-prompt}", ["does not match"], id="a negative prompt"),
        pytest.param("{tool: A red fox., ask: Read it.}", [], id="a tool's result"),
        pytest.param("{document: A red fox., ask: Read it.}", [], id="a document"),
        pytest.param("{system: You see a red fox., ask: Hello.}", [], id="a system prompt before an ask"),
    ],
)
def test_cases_come_as_they_say(tmp_path, case, trouble):
    found = report(tmp_path, seeing("red fox") + CASES.replace("text: A red fox.", f"{case}"))

    assert [one.trouble for one in found.wrong] == trouble


def test_a_case_names_the_rule_that_must_hold(tmp_path):
    body = seeing("red fox", rule="within: part") + "  sings: {score: 0.5, all: [seen], when: {min-chars: 99}}\n"
    found = report(tmp_path, body + CASES.replace("text: A red fox.", "{text: A red fox., rule: sings}"))

    assert [one.trouble for one in found.wrong] == ["rule sings does not hold"]


def test_a_language_that_is_not_named_is_warned_of(tmp_path):
    found = report(tmp_path, seeing("red fox").replace("- 'red fox'", "en: [red fox]\n      fr: [renard roux]") + CASES)

    assert found.warnings == ("has phrases in fr, which languages does not name",)


def test_with_every_case_right_ones_are_shown_too(tmp_path):
    found = report(tmp_path, seeing("red fox") + CASES, every=True)

    assert [one.trouble for one in found.wrong] == ["", ""]


@pytest.mark.parametrize(
    ("cases", "message"),
    [
        pytest.param("must-not-match: [{text: A hen.}]", "says why", id="no reason"),
        pytest.param("must-match: [{role: user}]", "a case has a text, or pieces", id="nothing said"),
        pytest.param("must-match: [{text: a, ask: b}]", "a case has a text, or pieces", id="both ways"),
        pytest.param("must-match: [{text: a, rule: sings}]", "there is no rule 'sings'", id="another rule"),
        pytest.param(
            "must-not-match: [{text: a, why: b, rule: speaks}]", "are asked of what must", id="a rule for no match"
        ),
        pytest.param("must-match: [{txt: a}]", "there is no such key", id="misspelt"),
    ],
)
def test_half_a_case_is_refused_with_its_line(tmp_path, cases, message):
    with pytest.raises(ConfigurationError, match=message) as refused:
        report(tmp_path, seeing("red fox") + f"cases:\n  {cases}\n")

    assert "fox.yaml:16: cases.must" in str(refused.value)


def test_a_clause_without_cases_is_warned_of(tmp_path):
    found = report(tmp_path, seeing("red fox"))

    assert found.warnings[:2] == ("has no case that must match", "has no case that must not match")


def test_a_rule_and_a_signal_that_nothing_uses_are_warned_of(tmp_path):
    body = seeing("red fox").replace(
        "rules:\n", "  idle: {phrases: [grey owl]}\nrules:\n  never: {score: 0.5, all: [owl]}\n"
    )
    body = body.replace("  idle:", "  owl: {phrases: [white owl]}\n  idle:")

    found = report(tmp_path, body + CASES)

    assert found.warnings == ("signal idle is used by nothing", "rule never holds for none of its cases")


def test_clauses_that_see_the_same_are_warned_of(tmp_path):
    a_folder(tmp_path, seeing("red fox") + CASES)
    a_folder(tmp_path, seeing("fox") + CASES, name="vixen")

    found = {one.clause: one.warnings for one in checked(tmp_path, wanted=frozenset({"fox", "vixen"}))}

    assert found["fox"] == ("overlaps with vixen, which also matches 1 of its 1 cases",)


def test_the_words_of_a_clause_that_keeps_no_text_are_not_shown(tmp_path):
    body = "evidence: {text: never}\n" + seeing("red fox") + CASES.replace("A brown hen.", "No red fox.")

    assert [one.text for one in report(tmp_path, body).wrong] == ["(not shown)"]


def test_a_switched_off_clause_is_not_checked(tmp_path):
    assert list(checked(a_folder(tmp_path, "enabled: false\n" + seeing("red fox")), wanted=frozenset({"fox"}))) == []
