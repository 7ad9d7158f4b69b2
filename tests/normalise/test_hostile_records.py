"""Records as an attacker or an accident makes them: nothing raises, and no words are lost in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_audit.record import InvocationRecord, Unreadable
from tests.normalise.logged import INPUT, OUTPUT, found, logged, read, texts

WORDS = "words nobody expected here"
WRONG = {
    "nothing": None,
    "a truth": True,
    "a number": 1.5,
    "a huge number": 10**400,
    "words": WORDS,
    "a list of words": [WORDS],
    "an object": {"k": {"l": WORDS}},
    "words in a key": {WORDS: 1},
}
FULL = logged(
    inferenceRegion="eu-west-1",
    errorCode="",
    status="ok",
    requestMetadata={"team": "orchard"},
    performanceConfig={"latency": "standard"},
    input={**INPUT, "cacheReadInputTokenCount": 1},
    output={**OUTPUT, "outputImageHeight": 3},
)


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value in a JSON value but the whole."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*at, key)
        yield from places(member, (*at, key))


def with_wrong(value: Any, place: tuple[Any, ...], wrong: Any) -> Any:
    key, *rest = place
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[key] = with_wrong(value[key], tuple(rest), wrong) if rest else wrong
    return copied


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("place", list(places(FULL)), ids=lambda place: "/".join(map(str, place)))
def test_any_value_may_be_of_another_type(place, wrong):
    (item,) = found(with_wrong(FULL, place, wrong))

    told = msgspec.json.encode(item).decode()
    is_other_kind = isinstance(item, Unreadable) and place == ("schemaType",)
    assert WORDS not in json.dumps(wrong) or WORDS in told or is_other_kind


@pytest.mark.parametrize("place", list(places(FULL)), ids=lambda place: "/".join(map(str, place)))
def test_any_member_may_be_missing(place):
    *above, last = place
    holder: Any = FULL
    for key in above:
        holder = holder[key]
    without = [*holder[:last], *holder[last + 1 :]] if isinstance(holder, list) else {**holder}
    if isinstance(without, dict):
        del without[last]

    (item,) = found(with_wrong(FULL, tuple(above), without) if above else without)

    assert isinstance(item, InvocationRecord | Unreadable)


@settings(max_examples=200)
@given(cut=st.integers(0, len(json.dumps(FULL)) - 1))
def test_cut_anywhere_a_record_is_unreadable(cut):
    (item,) = found(json.dumps(FULL).encode()[:cut])

    assert isinstance(item, Unreadable)
    assert item.reason in {"truncated", "not-json"}


@settings(max_examples=200)
@given(place=st.sampled_from(list(places(FULL))), noise=st.binary(min_size=1, max_size=6))
def test_damaged_anywhere_nothing_raises(place, noise):
    data = json.dumps(FULL).encode()
    at = hash(place) % len(data)

    for item in found(data[:at] + noise + data[at + len(noise) :]):
        assert isinstance(item, InvocationRecord | Unreadable)


def said(text: str) -> dict[str, Any]:
    return {"inputBodyJson": {"messages": [{"role": "user", "content": [{"text": text}]}]}}


EXOTIC = {
    "half a character": (r"plum\ud83dtree", "plum\ufffdtree"),
    "both halves": (r"plum\ud83c\udf33tree", "plum\U0001f333tree"),
    "NUL": (r"plum\u0000tree", "plum\x00tree"),
    "escapes": (r"\u0070lum", "plum"),
    "right to left": ("\u202eplum", "\u202eplum"),
}


@pytest.mark.parametrize(("written", "text"), EXOTIC.values(), ids=EXOTIC)
def test_exotic_text_survives_and_can_be_written_on(written, text):
    data = json.dumps(logged(input=said("HERE"))).replace("HERE", written).encode()

    (record,) = found(data)

    assert isinstance(record, InvocationRecord)
    assert texts(record)[0] == text
    assert msgspec.json.encode(record)


def test_of_members_of_the_same_name_the_last_is_read():
    data = json.dumps(logged()).replace('{"text": "When', '{"text": "first", "text": "When').encode()

    assert texts(found(data)[0])[0] == "When do plums bloom?"


def nested(text: str, *, into: Any, depth: int = 10_000) -> bytes:
    """A record that holds the text below `depth` lists or objects."""
    opening, closing = ("[", "]") if into is list else (f'{{"{into}":', "}")
    deep = opening * depth + json.dumps(text) + closing * depth
    return json.dumps(logged(input={"inputBodyJson": "DEEP"})).replace('"DEEP"', deep).encode()


@pytest.mark.parametrize("into", [list, "a", "messages", "content", "input", "system", "tools"])
def test_words_below_ten_thousand_levels_are_found(into):
    (record,) = found(nested(WORDS, into=into))

    assert isinstance(record, InvocationRecord)
    assert WORDS in texts(record)
    assert all(len(part.location) < 2000 for part in record.parts)


def test_what_is_nested_deeper_than_anybody_nests_is_named():
    (item,) = found(nested(WORDS, into=list, depth=150_000))

    assert isinstance(item, Unreadable)
    assert item.reason == "nested-too-deep"


def test_twenty_five_megabytes_of_text_are_one_part():
    text = "plum\n" * 5_000_000

    assert len(read(input=said(text)).parts[0].text) == 25_000_000


def test_a_hundred_thousand_crumbs_are_read_without_as_many_parts():
    crumbs = [f"crumb {number}" for number in range(100_000)]

    record = read(input={"inputBodyJson": {"crumbs": crumbs}})

    assert len(record.parts) < 20_000
    assert all(any(crumb in part.text for part in record.parts) for crumb in ("crumb 0", "crumb 50000", "crumb 99999"))


def test_a_blob_in_an_unknown_place_is_media_and_no_text():
    record = read(input={"inputBodyJson": {"scan": "iVBORw0KGgo" * 100}})

    (media,) = record.media
    assert (media.kind, media.where, media.location) == ("blob", "inline", "/input/inputBodyJson/scan")
    assert texts(record) == ["In March."]


def test_a_body_nobody_knows_is_walked_and_counted():
    body = {"greeting": {"text": "Hello orchard"}, "list": ["one plum", 2, None], "type": "greeting", "empty": ""}

    record = read(input={"inputBodyJson": body})

    assert texts(record)[:2] == ["Hello orchard", "one plum"]
    assert (record.input.shape, record.input.unknown_strings) == ("unknown", 2)
    assert record.parts[0].turn == 0
    assert record.parts[-1].turn == 1
