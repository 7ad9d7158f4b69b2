"""Bodies whose members are of another type than any family expects: nothing raises, and no words are lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.normalise.families import golden

CASES = golden.cases()
WORDS = "words nobody expected here"
WRONG = {
    "nothing": None,
    "a truth": True,
    "a number": 1.5,
    "no words": "",
    "words": WORDS,
    "a list of words": [WORDS],
    "a list of lists": [[WORDS]],
    "an object": {"k": WORDS},
    "a list of objects": [{"text": WORDS}],
    "an object in an object": {"content": {"text": {"text": WORDS}}},
}
REPEATS = {"tokens", "token_likelihoods", "logprobs", "details", "embedding", "embeddings", "embeddingsByType"}
"""Members that hold vectors, or repeat token by token what stands beside them."""


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value in a JSON value, its own included."""
    yield at
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        if key not in REPEATS:
            yield from places(member, (*at, key))


def with_wrong(value: Any, place: tuple[Any, ...], wrong: Any) -> Any:
    """The JSON value with something else at one place."""
    if not place:
        return wrong
    key, *rest = place
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[key] = with_wrong(value[key], tuple(rest), wrong)
    return copied


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_member_of_the_wrong_type_is_read_all_the_same(case, wrong):
    for body in ("request", "response"):
        for place in places(case.get(body)):
            asked, answered = golden.read({**case, body: with_wrong(case.get(body), place, wrong)})

            said = [part.text for part in (*asked.parts, *answered.parts)]
            assert WORDS not in str(wrong) or any(WORDS in text for text in said), place
            assert not any("gave up" in problem for problem in (*asked.problems, *answered.problems)), place


def nested(text: str, *, into: Any, depth: int = 10_000) -> Any:
    """The text below `depth` lists or objects with the key `into`."""
    value: Any = text
    for _ in range(depth):
        value = [value] if into is list else {into: value}
    return value


DEEP = {
    "content in content": {"messages": [{"role": "user", "content": nested(WORDS, into=list)}]},
    "blocks in blocks": {"messages": [{"role": "user", "content": nested(WORDS, into="content")}]},
    "sources in sources": {"inputPrompt": "Name it.", "mediaSource": nested(WORDS, into="source")},
    "inputs in inputs": {"inputType": "text", "text": nested(WORDS, into="text")},
    "configurations": {"event": {"promptStart": nested(WORDS, into="audioConfiguration")}},
    "tools": {"messages": [], "tools": nested(WORDS, into="function")},
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_words_in_the_deep_are_found(body):
    asked, _ = golden.read({"request": body})

    assert any(WORDS in part.text for part in asked.parts)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(case=st.sampled_from(list(CASES.values())), wrong=JSON, data=st.data())
def test_any_json_anywhere_is_read_without_an_error(case, wrong, data):
    body = data.draw(st.sampled_from(["request", "response"]))
    place = data.draw(st.sampled_from(list(places(case.get(body)))))

    asked, answered = golden.read({**case, body: with_wrong(case.get(body), place, wrong)})

    assert not any("gave up" in problem for problem in (*asked.problems, *answered.problems))
