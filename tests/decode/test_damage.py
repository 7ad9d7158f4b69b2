"""What is cut, too large or no log at all: named with its place, and the rest is read."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedrock_audit.decode import RawEntry
from bedrock_audit.record import Unreadable
from tests.decode.reading import decoded, told

A, B = b'{"a":1}', b'{"b":2}'


@pytest.mark.parametrize(
    "cut",
    [b'{"x":"in the middle of a te', b'{"x":{"y":1}', b'{"x":1,', b'{"x":[', b'{"x":"ends in a backslash\\'],
    ids=lambda cut: cut.decode()[-12:],
)
def test_a_line_that_is_cut_does_not_take_the_next_ones_along(cut):
    entries = told(A + b"\n" + cut + b"\n" + A + b"\n" + B + b"\n")

    assert [(line, data.rstrip()) for line, data in entries] == [(1, A), (2, cut), (3, A), (4, B)]


def test_a_cut_last_line_is_an_entry_that_parsing_will_name():
    assert told(A + b'\n{"x":"cu') == [(1, A), (2, b'{"x":"cu')]


def test_a_cut_value_of_many_lines_is_one_entry():
    cut = b'{\n  "a": [\n    1,'

    assert told(B + b"\n" + cut) == [(1, B), (2, cut)]


def test_lines_that_are_cut_one_after_the_other_are_told_apart():
    assert told(b'{"x":1,\n{"y":"cu\n' + A) == [(1, b'{"x":1,\n'), (2, b'{"y":"cu'), (3, A)]


def test_an_array_that_never_ends_says_so():
    assert told(b"[" + A + b",\n" + B + b",") == [(1, A), (2, B), (2, "truncated")]


def test_a_log_of_another_kind_is_named_once():
    (found,) = decoded(b"time,level\n1,info\n2,info\n")

    assert (found.source.line, found.reason, found.detail) == (1, "not-json", "lines 1 to 3 are not JSON")


def test_a_line_that_is_no_json_is_named_between_those_that_are():
    assert told(A + b"\nnot a record\n" + B) == [(1, A), (2, "not-json"), (3, B)]


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\0\0\0", bytes(range(256)) * 10, b"\0" * 5000], ids=["png", "all", "nul"]
)
def test_what_is_no_text_is_named_once(data):
    assert told(data) == [(1, "binary")]


PACKED = {
    "a zip archive": b"PK\x03\x04\x14\0",
    "packed by zstd": b"\x28\xb5\x2f\xfd\x04\x58",
    "packed by bzip2": b"BZh91AY&SY" + b"\xff" * 40,
    "packed by xz": b"\xfd7zXZ\0",
    "a Parquet file": b"PAR1\x15\x04",
    "binary data": b"\x89PNG\r\n\0\0\0",
}


@pytest.mark.parametrize(("form", "data"), PACKED.items(), ids=PACKED)
def test_what_is_packed_otherwise_is_named(form, data):
    (found,) = decoded(data)

    assert (found.reason, found.detail) == ("binary", f"this is {form}, not JSON, gzipped or plain")


def test_gzip_within_gzip_that_is_cut_says_so():
    inner = gzip.compress(b"\n".join(b'{"n":%d}' % (n * n) for n in range(20000)))
    cut = decoded(gzip.compress(inner[: len(inner) // 2]))[-1]
    packed = gzip.compress(inner)

    assert cut.reason == "gzip-truncated"
    assert decoded(packed[: len(packed) // 2])[-1].reason == "gzip-truncated"


def test_gzip_that_is_cut_gives_what_could_be_read_and_names_the_line():
    text = b"".join(json.dumps({"n": n, "text": f"words {n * n}"}).encode() + b"\n" for n in range(3000))
    packed = gzip.compress(text)

    *read, end = decoded(packed[: len(packed) // 2])

    assert 100 < len(read) < 3000
    assert all(isinstance(entry, RawEntry) for entry in read)
    assert isinstance(end, Unreadable)
    assert (end.reason, end.source.line) == ("gzip-truncated", len(read) + 1)


def test_gzip_that_is_damaged_says_so():
    packed = bytearray(gzip.compress(A * 2000))
    packed[12:20] = bytes(8)

    assert told(bytes(packed))[-1][1] == "gzip-corrupt"


def test_what_follows_gzip_and_is_none_is_named():
    assert told(gzip.compress(A + b"\n") + b"tail") == [(1, A), (2, "gzip-corrupt")]


LIMIT = 100
LARGE = b'{"x":"' + b"y" * 200 + b'"}'


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (A + b"\n" + LARGE + b"\n" + B, [(1, A), (2, "too-large"), (3, B)]),
        (b"[" + A + b"," + LARGE + b",\n" + B + b"]", [(1, A), (1, "too-large"), (2, B)]),
        (LARGE, [(1, "too-large")]),
        (b'{"events":[' + b",".join([A] * 30) + b"]}", [(1, A)] * 30 + [(1, "not-json")]),
    ],
    ids=["a line", "an element", "everything", "a long array in a wrapper"],
)
def test_a_value_that_is_too_large_is_named_and_left_out(data, read):
    assert told(data, max_entry_bytes=LIMIT) == read


def test_a_giant_is_dropped_without_being_held():
    giant = b'{"x":"' + b"y" * 40_000_000 + b'"}'

    assert told(giant + b"\n" + A, max_entry_bytes=10_000_000) == [(1, "too-large"), (2, A)]


def test_fifty_megabytes_in_a_line_are_read():
    long = b'{"x":"' + b"y\\n" * 17_000_000 + b'"}'

    assert told(long + b"\n" + A) == [(1, long), (2, A)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=8), JSON, min_size=1, max_size=4), max_size=6)


@settings(max_examples=50)
@given(objects=OBJECTS, indent=st.sampled_from([None, 0, 3]))
def test_what_was_written_is_read(objects, indent):
    for written in (json.dumps(objects, indent=indent), "\n".join(json.dumps(one, indent=indent) for one in objects)):
        entries = decoded(written.encode())

        assert [json.loads(entry.data) for entry in entries] == objects


@settings(max_examples=50)
@given(objects=OBJECTS, data=st.data())
def test_cut_anywhere_nothing_before_the_cut_is_lost(objects, data):
    lines = [json.dumps(one).encode() + b"\n" for one in objects]
    cut = data.draw(st.integers(0, sum(map(len, lines))))

    entries = decoded(b"".join(lines)[:cut])

    whole = [line.strip() for number, line in enumerate(lines) if sum(map(len, lines[: number + 1])) <= cut + 1]
    assert [entry.data for entry in entries[: len(whole)]] == whole
    assert len(entries) <= len(whole) + 1


@given(data=st.binary(max_size=300))
def test_any_bytes_are_decoded_without_an_error(data):
    for written in (data, b"{" + data, b'{"a":"' + data, b"[" + data, b"\x1f\x8b" + data, gzip.compress(data)):
        lines = [item.source.line for item in decoded(written, max_entry_bytes=64)]

        assert lines == sorted(lines)
