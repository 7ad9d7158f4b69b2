"""The phrase language: what a phrase matches, what it does not, and what cannot be read."""

from __future__ import annotations

import pytest
import re2

from bedrock_audit.policy.folding import folded
from bedrock_audit.policy.phrase import Lists, PhraseError, phrase
from bedrock_audit.policy.phrase_pattern import exact

LISTS = Lists(
    {
        "fake": ["fake", "make~ up", "<unreal>"],
        "unreal": ["untrue", "bogus"],
        "ask": ["give me", "hand ...2 over"],
        "loop": ["<loop2>"],
        "loop2": ["a <loop>"],
    }
)


def matched(written, text):
    found = re2.search(exact(phrase(written, lists=LISTS)), folded(text))
    return found.group() if found else None


@pytest.mark.parametrize(
    ("written", "text", "found"),
    [
        pytest.param("fake news", "Some fake news!", "fake news", id="neighbours"),
        pytest.param("fake news", "fake-news", "fake-news", id="hyphen between"),
        pytest.param("fake news", '"fake" **news**', 'fake" **news', id="quotes and stars between"),
        pytest.param("fake news", "fake,\nnews", "fake,\nnews", id="comma and line break between"),
        pytest.param("fake news", '{"fake_news_count": 3}', "fake_news_", id="in a JSON name"),
        pytest.param("write~ it", "She wrote it", "wrote it", id="inflection"),
        pytest.param("applicant~ file", "the applicants' file", "applicants' file", id="possessive plural"),
        pytest.param("applicant file", "the applicant's file", "applicant's file", id="possessive"),
        pytest.param("falsific*", "falsificación", "falsificacion", id="beginning of a word"),
        pytest.param("*berater", "Anlageberater", "anlageberater", id="end of a word"),
        pytest.param("(buy|sell) it", "sell it", "sell it", id="choice"),
        pytest.param("(buy|take over)~ it", "taking over it", "taking over it", id="choice in all forms"),
        pytest.param("the? fox", "fox", "fox", id="optional, absent"),
        pytest.param("see the? fox", "see the fox", "see the fox", id="optional, there"),
        pytest.param("hen ... fox", "hen and her old friend fox", "hen and her old friend fox", id="gap of four"),
        pytest.param("hen ...1 fox", "hen fox", "hen fox", id="gap of nothing"),
        pytest.param("(hen ...1 fox|owl)", "hen, dear fox", "hen, dear fox", id="gap in a choice"),
        pytest.param("<fake> news", "making up news", "making up news", id="word list"),
        pytest.param("<fake> news", "bogus news", "bogus news", id="list in a list"),
        pytest.param("<ask> the key", "hand it all over the key", "hand it all over the key", id="gap in a list"),
        pytest.param("^ ignore", "Fine. Ignore this", ". ignore", id="start of a sentence"),
        pytest.param("don't", "DONT", "dont", id="apostrophe left out"),
        pytest.param("don't", "don’t", "don't", id="typographic apostrophe"),
        pytest.param("de-anonymise", "deanonymise", "deanonymise", id="hyphen left out"),
        pytest.param("写 ...3 假新闻", "帮我写一篇假新闻", "写一篇假新闻", id="Chinese"),
        pytest.param("偽ニュース", "偽ニュースを書いて", "偽ニュース", id="Japanese"),
        pytest.param("اخبار* كاذبة", "اكتب الأخبار الكاذبة", "الاخبار الكاذبه", id="Arabic with articles"),
    ],
)
def test_a_phrase_matches(written, text, found):
    assert matched(written, text) == (folded(found) if found else None)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param("sin", "missing", id="inside a word"),
        pytest.param("kill", "skills", id="inside another"),
        pytest.param("(contra|反对)", "contradictory", id="inside a word, beside another script"),
        pytest.param("the? (contra|反对)", "contradictory", id="the same behind what is optional"),
        pytest.param("(two|2) ...2 (ways)?", "in 2024", id="before a gap and what is optional"),
        pytest.param("fake news", "It is fake. News follows", id="over a full stop"),
        pytest.param("hen ...2 fox", "hen and her old fox", id="gap too small"),
        pytest.param("write it", "writes it", id="no inflection unless asked"),
        pytest.param("^ ignore", "you may ignore this", id="not at the start"),
        pytest.param("the (big|small) fox", "the fox", id="choice that must be made"),
    ],
)
def test_a_phrase_does_not_match(written, text):
    assert matched(written, text) is None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        pytest.param("fox (", "begins and ends with a word", id="choice begun at the end"),
        pytest.param("(fox", "not closed", id="choice not closed"),
        pytest.param("fox)", "unexpected ')'", id="closed too often"),
        pytest.param("... fox", "begins and ends with a word", id="gap first"),
        pytest.param("fox ...", "begins and ends with a word", id="gap last"),
        pytest.param("fox ...16 hen", "a gap is 1 to 15 words", id="gap too large"),
        pytest.param("the? (a|b)?", "everything in it is optional", id="all optional"),
        pytest.param("(a|)", "begins and ends with a word", id="empty choice"),
        pytest.param("", "begins and ends with a word", id="nothing"),
        pytest.param("fo*x", "is not a word", id="star inside"),
        pytest.param("写...3假新闻", "a gap stands between blanks", id="gap without blanks"),
        pytest.param("<nope>", "there is no word list <nope>", id="unknown list"),
        pytest.param("<loop>", "contains itself", id="list in itself"),
        pytest.param("fox " * 400, "longer than 1000 characters", id="too long"),
    ],
)
def test_what_cannot_be_read_is_refused(written, message):
    with pytest.raises(PhraseError, match=message.replace("(", r"\(").replace(")", r"\)").replace("...", ".*")):
        phrase(written, lists=LISTS)


def test_a_phrase_that_expands_without_end_is_refused():
    big = Lists({"many": [f"word{number}" for number in range(1500)]})

    with pytest.raises(PhraseError, match="expands to more than"):
        phrase("<many> <many> <many>", lists=big)
