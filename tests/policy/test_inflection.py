"""English words in their written forms."""

from __future__ import annotations

import pytest

from bedrock_audit.policy.inflection import forms


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        pytest.param("write", {"write", "writes", "wrote", "written", "writing"}, id="irregular"),
        pytest.param("fabricate", {"fabricate", "fabricates", "fabricated", "fabricating"}, id="silent e"),
        pytest.param("plan", {"plan", "plans", "planned", "planning"}, id="doubled consonant"),
        pytest.param("visit", {"visit", "visits", "visited", "visiting"}, id="no doubling after two vowels"),
        pytest.param("admit", {"admit", "admits", "admitted", "admitting"}, id="doubled in a stressed last syllable"),
        pytest.param("deny", {"deny", "denies", "denied", "denying"}, id="y after a consonant"),
        pytest.param("play", {"play", "plays", "played", "playing"}, id="y after a vowel"),
        pytest.param("focus", {"focus", "focuses", "focused", "focusing"}, id="s"),
        pytest.param("agree", {"agree", "agrees", "agreed", "agreeing"}, id="double e"),
        pytest.param("die", {"die", "dies", "died", "dying"}, id="ie"),
        pytest.param("child", {"child", "children"}, id="irregular noun"),
        pytest.param(
            "anonymise",
            {"anonymise", "anonymises", "anonymised", "anonymising", "anonymize", "anonymizes"}
            | {"anonymized", "anonymizing"},
            id="both spellings",
        ),
    ],
)
def test_a_word_has_its_written_forms(word, expected):
    assert set(forms(word)) == expected


def test_the_order_is_stable_and_begins_with_the_word():
    assert forms("threaten")[0] == "threaten"
    assert forms("threaten") == forms("threaten")
