"""Patterns: anchored, never slow, and comparable with each other."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_audit.use_case.patterns import all_within, any_meet, is_within, matches, meet

PATTERNS = st.text(alphabet="ab*?", max_size=6)
TEXTS = st.text(alphabet="ab", max_size=6)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        pytest.param("role/loan", "role/loan", True, id="exact"),
        pytest.param("role/loan", "role/loan-2", False, id="anchored at the end"),
        pytest.param("loan", "role/loan", False, id="anchored at the start"),
        pytest.param("role/loan-*", "role/loan-desk", True, id="star"),
        pytest.param("role/loan-*", "role/loan-", True, id="star of nothing"),
        pytest.param("*-desk", "loan-desk-old", False, id="anchored after a star"),
        pytest.param("role/loan-?", "role/loan-7", True, id="question mark"),
        pytest.param("role/loan-?", "role/loan-", False, id="question mark of nothing"),
        pytest.param("role/Loan", "role/loan", False, id="letter case counts"),
        pytest.param("role/[ab]", "role/a", False, id="brackets are plain characters"),
        pytest.param("role/[ab]", "role/[ab]", True, id="brackets match themselves"),
        pytest.param("role/loan", "role/loan\n", False, id="no line break slips in"),
        pytest.param("a*b*c", "a\nb\nc", True, id="stars cover line breaks"),
    ],
)
def test_a_pattern_matches_the_whole_text_or_not_at_all(pattern, text, expected):
    assert matches(pattern, text) is expected


def test_no_text_makes_matching_slow():
    pattern, text = "*a" * 30 + "b", "a" * 5000

    begun = time.perf_counter()
    found = matches(pattern, text)

    assert not found
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        pytest.param("role/loan-1", "role/loan-*", True, id="a text in a pattern"),
        pytest.param("role/loan-*", "role/*", True, id="a narrower star"),
        pytest.param("role/*", "role/loan-*", False, id="a wider star"),
        pytest.param("role/?", "role/*", True, id="one character in any"),
        pytest.param("role/*", "role/?", False, id="any in one character"),
        pytest.param("a", "a", True, id="the same"),
    ],
)
def test_one_pattern_lies_within_another(inner, outer, expected):
    assert is_within(inner, outer) is expected


@given(inner=PATTERNS, outer=PATTERNS, text=TEXTS)
def test_whatever_lies_within_matches_no_more(inner, outer, text):
    if is_within(inner, outer) and matches(inner, text):
        assert matches(outer, text)


@given(one=PATTERNS, other=PATTERNS, text=TEXTS)
def test_patterns_that_share_a_text_meet(one, other, text):
    if matches(one, text) and matches(other, text):
        assert meet(one, other)
        assert meet(other, one)


@given(one=PATTERNS, other=PATTERNS)
def test_a_pattern_within_another_meets_it(one, other):
    if is_within(one, other):
        assert meet(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("role/loan-*", "role/credit-*", id="different beginnings"),
        pytest.param("*-desk", "*-memo", id="different ends"),
        pytest.param("a?", "a", id="one character more"),
    ],
)
def test_patterns_without_a_common_text_do_not_meet(one, other):
    assert not meet(one, other)


def test_no_patterns_stand_for_everything():
    assert all_within((), ())
    assert all_within(("eu-*",), ())
    assert not all_within((), ("eu-*",))
    assert any_meet((), ("eu-*",))
    assert not any_meet(("us-*",), ("eu-*",))


def test_patterns_as_long_as_they_may_be_are_compared():
    long, unlike = "role/" + "x" * 507, "role/" + "x" * 506 + "y"

    assert meet(long, "role/" + "?" * 507)
    assert meet(long, "role/*" + "x" * 506)
    assert not meet(long, unlike)
    assert not meet("*a" * 10 + "b" * 490, "*a" * 10 + "c" * 490)
