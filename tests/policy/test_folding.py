"""Text in comparable letters: what is seen through, and that places can be traced back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_audit.policy.folding import folded, folding


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("Información ÑANDÚ", "informacion nandu", id="accents and capitals"),
        pytest.param("Straße", "strasse", id="sharp s"),
        pytest.param("ｆａｋｅ", "fake", id="full width"),
        pytest.param("𝓯𝓪𝓴𝓮 𝐟𝐚𝐤𝐞", "fake fake", id="mathematical letters"),
        pytest.param("fаkе", "fake", id="Cyrillic look-alikes"),
        pytest.param("ｋιll", "kill", id="Greek look-alikes"),
        pytest.param("f\u200bak\u00ade", "fake", id="zero width and soft hyphen"),
        pytest.param("\U000e0066\U000e0061\U000e006b\U000e0065", "fake", id="tag characters"),
        pytest.param("“don’t” – ‹go›…", '"don\'t" - "go"...', id="typographic signs"),
        pytest.param("ガ カ\u3099 か", "カ\u3099 カ\u3099 か", id="kana keep their sound marks"),
        pytest.param("أخبار كاذبةٌ", "اخبار كاذبه", id="Arabic variants"),
        pytest.param("你好。", "你好.", id="ideographic full stop"),
        pytest.param("e\u0301\u0301\u0301vil", "evil", id="piled-up accents"),
    ],
)
def test_what_is_written_is_read(written, read):
    assert folded(written) == read


@given(st.text(), st.text())
def test_folding_does_not_depend_on_what_stands_beside(one, other):
    assert folded(one + other) == folded(one) + folded(other)


@given(st.text())
def test_every_character_tells_how_long_it_becomes(text):
    assert len(folded(text)) == sum(len(folding()[ord(character)]) for character in text)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


def test_lone_surrogates_are_replaced():
    assert folded("a\ud800b") == "a\ufffdb"
