"""What a pattern needs is always there where it matches: looking ahead never loses a match."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_audit.detect.lookout import WIDTH, Lookout, positions
from bedrock_audit.policy import load_policy
from bedrock_audit.policy.folding import folded
from bedrock_audit.policy.needs import needs
from bedrock_audit.policy.pattern import phrase_pattern, regex_pattern
from bedrock_audit.policy.phrase import Choice, Gap, Lists, PhraseError, Word, phrase

LISTS = Lists({"people": ["applicant~", "he", "account holder"]})


def needed(written):
    return [set(need.needles) for need in needs(phrase(written, lists=LISTS))]


def test_the_rarest_words_come_first():
    assert needed("the ... vermin") == [{" vermin "}, {" the "}]


def test_a_choice_needs_the_rarest_words_of_each_option():
    assert needed("(poison the well|drown)") == [{" poison the ", " drown "}]


def test_words_side_by_side_are_needed_as_such():
    assert needed("silver spoons ... (tea|broth)") == [{" silver spoons "}, {" tea ", " broth "}]


@pytest.mark.parametrize("between", [" ", "'s ", '" (', "_", " / ", "  "])
def test_words_side_by_side_are_seen_whatever_parts_them(between):
    pattern = phrase_pattern("silver spoon", lists=LISTS)
    text = folded(f"The silver{between}spoon.").encode()

    assert list(Lookout([pattern]).chances(text)) != []


@pytest.mark.parametrize("text", ["silver fork and spoon", "spoon silver", "silver spoonful"])
def test_words_that_do_not_stand_side_by_side_are_not_looked_for(text):
    assert list(Lookout([phrase_pattern("silver spoon", lists=LISTS)]).chances(text.encode())) == []


def test_what_is_optional_is_not_needed():
    assert needed("red? fox") == [{" fox "}]


def test_a_hyphen_may_be_a_blank_or_nothing():
    assert needed("de-anonymise")[0] == {" de anonymise ", " deanonymise "}


def test_the_beginning_of_a_word_is_looked_for_within_words():
    assert needed("falsific* todo")[0] == {" falsific"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(r"\bfox\d+", [{"fox"}], id="letters"),
        pytest.param(r"(?:fox|vixen) den", [{"fox", "vixen"}, {"den"}], id="alternatives, then letters"),
        pytest.param(r"foxe?s", [{"fox"}], id="an optional letter ends the run"),
        pytest.param(r"fo+x", [{"fo"}], id="a repeated letter ends the run"),
        pytest.param(r"(?:fox)?hen", [{"hen"}], id="an optional group"),
        pytest.param(r"(?:fox){2,}", [{"fox"}], id="a repeated group"),
        pytest.param(r"(?:fox|\d)", [], id="an alternative without letters"),
        pytest.param(r"[a-z]+", [], id="nothing to count on"),
        pytest.param(r"\x{1f98a}fox", [{"fox"}], id="an escape"),
        pytest.param(r"x|{{people}} den", [], id="one letter is too few"),
    ],
)
def test_a_regular_expression_needs_its_letters(written, expected):
    found = [set(need.needles) for need in regex_pattern(written, lists=LISTS).needs]

    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


def test_a_regular_expression_names_few_lists():
    lists = Lists({f"list-{number}": ["fox"] for number in range(30)})

    with pytest.raises(PhraseError, match="more than 20 word lists"):
        regex_pattern("|".join(f"{{{{list-{number}}}}}" for number in range(30)), lists=lists)


def test_a_regular_expression_needs_the_words_of_its_lists():
    (need,) = regex_pattern(r"{{people}}\d", lists=LISTS).needs

    assert " applicants " in need.needles
    assert " account " in need.needles, "its words may stand in two blocks"


def texts_of(item, draw):
    """Some text that the item matches."""
    if isinstance(item, Word):
        return draw(st.sampled_from(item.forms)) + ("ly" if item.open_end else "")
    if isinstance(item, Gap):
        return " ".join(draw(st.lists(st.sampled_from(["plain", "grass,", "3.5", "o'clock"]), max_size=item.words)))
    if item.optional and draw(st.booleans()):
        return ""
    return " ".join(texts_of(inner, draw) for inner in draw(st.sampled_from(item.options)))


PATTERNS = [pattern for signal in load_policy().signals.values() for pattern in signal.patterns if pattern.phrase]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_a_phrase_of_ours_matches_is_looked_for(data):
    pattern = data.draw(st.sampled_from(PATTERNS))
    said = " ".join(" ".join(texts_of(item, data.draw) for item in pattern.phrase.items).split())
    text = folded(data.draw(st.sampled_from(["{}", "Well. {}!", "He said:\n{}\n", '("{}")'])).format(said))
    lookout = Lookout([pattern])

    possible = [position for _, bits in lookout.chances(text.encode()) for position in positions(bits)]

    assert possible or lookout.always, said


def test_patterns_are_told_apart():
    hen, fox = (phrase_pattern(written, lists=LISTS) for written in ("brown hen", "red fox"))
    lookout = Lookout([hen, fox])

    found = [list(positions(bits)) for _, bits in lookout.chances(b"a red fox. no hen.")]

    assert found == [[1]]
    assert WIDTH == 3


def test_choices_of_words_are_plain():
    plain = {written: phrase_pattern(written, lists=LISTS).is_plain for written in ("(fox|hen)~", "fox hen", "^ fox")}

    assert plain == {"(fox|hen)~": True, "fox hen": False, "^ fox": False}
    assert isinstance(phrase("(fox|hen)", lists=LISTS).items[0], Choice)
