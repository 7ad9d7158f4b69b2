"""JSON as callers can make it: parsed tolerantly where the strict parser refuses, and never half."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedrock_audit.normalise.json_text import MAX_DEPTH, MalformedError, parsed, tolerantly_parsed

ODD = {
    r'"plum\ud83d"': "plum\ufffd",
    r'"\ud83d\ude00"': "\U0001f600",
    '{"a": NaN, "b": -Infinity}': {"a": pytest.approx(float("nan"), nan_ok=True), "b": float("-inf")},
    '{"a": 1e999}': {"a": float("inf")},
    f'{{"a": {"9" * 5000}}}': {"a": float("inf")},
    '"a\x00b\tc"': "a\x00b\tc",
    '{"a": 1, "a": 2}': {"a": 2},
    '{"a": 1}{"b": 2} [3]': [{"a": 1}, {"b": 2}, [3]],
    "\ufeff[true, false, null, -1.5e3]": [True, False, None, -1500.0],
}


@pytest.mark.parametrize(("text", "value"), ODD.items(), ids=[text[:20] for text in ODD])
def test_what_callers_can_send_is_parsed(text, value):
    assert parsed(text.encode("utf-8", "surrogatepass")) == value


def test_bytes_that_are_no_text_become_visible():
    assert parsed(b'"plum\xff"') == "plum\ufffd"


@pytest.mark.parametrize("opening", ["[", '{"a":'], ids=["lists", "objects"])
def test_nesting_is_no_obstacle(opening):
    closing = {"[": "]", '{"a":': "}"}[opening]

    value = parsed(opening * 10_000 + '"deep"' + closing * 10_000)

    for _ in range(10_000):
        value = value[0] if isinstance(value, list) else value["a"]
    assert value == "deep"


MALFORMED = {
    '{"a": "in the mid': "truncated",
    '{"a": ': "truncated",
    '{"a"': "truncated",
    "[1, 2": "truncated",
    "tru": "truncated",
    "": "not-json",
    "plums and pears": "not-json",
    '{"a" 1}': "not-json",
    "{1: 2}": "not-json",
    "[1 2]": "not-json",
    '["a": 1]': "not-json",
    "[" * (MAX_DEPTH + 2): "nested-too-deep",
}


@pytest.mark.parametrize(("text", "reason"), MALFORMED.items(), ids=[text[:20] for text in MALFORMED])
def test_what_is_malformed_says_how(text, reason):
    with pytest.raises(MalformedError) as caught:
        parsed(text)

    assert caught.value.reason == reason
    assert "plums" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)


@given(value=JSON, indent=st.sampled_from([None, 0, 2]))
def test_both_ways_of_parsing_agree(value, indent):
    text = json.dumps(value, indent=indent)

    assert parsed(text) == value
    assert tolerantly_parsed(text) == [value]


@given(text=st.text() | st.text(alphabet='{}[]",:\\0tx '))
def test_any_text_is_parsed_or_malformed(text):
    for way in (parsed, tolerantly_parsed):
        with suppress(MalformedError):
            way(text)
