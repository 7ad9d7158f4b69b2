"""The forms in which logs come: lines as a rule, and what exports, editors and pipes make of them."""

from __future__ import annotations

import codecs
import gzip
import io
import json

import pytest

from bedrock_audit.decode import decode
from bedrock_audit.record import Source
from tests.decode.reading import Trickle, told

A, B, C = b'{"a":1}', b'{"b":[1,{"c":"}"}]}', b'{"c":"x\\"{"}'
LINES = A + b"\n" + B + b"\n" + C + b"\n"
READ = [(1, A), (2, B), (3, C)]


def pretty(*values: bytes, indent: int) -> bytes:
    return b"\n".join(json.dumps(json.loads(value), indent=indent).encode() for value in values)


FORMS = {
    "lines": LINES,
    "lines, the last without its end": LINES.rstrip(),
    "lines that Windows ended": LINES.replace(b"\n", b"\r\n"),
    "a byte-order mark": codecs.BOM_UTF8 + LINES,
    "UTF-16, as a Windows console pipes it": LINES.decode().encode("utf-16"),
    "gzip": gzip.compress(LINES),
    "gzip of several members": gzip.compress(A + b"\n") + gzip.compress(B + b"\n" + C),
    "gzip cut in the middle of a line": gzip.compress(LINES[:10]) + gzip.compress(LINES[10:]),
    "gzip padded with zeros": gzip.compress(LINES) + bytes(512),
    "gzip within gzip": gzip.compress(gzip.compress(A + b"\n") + gzip.compress(B + b"\n" + C)),
    "an empty member before": gzip.compress(b"") + gzip.compress(LINES),
    "an array in lines": b"[\n".rstrip() + A + b",\n" + B + b",\n" + C + b"]",
    "lines with commas": A + b",\n" + B + b",\n" + C,
    "exported from CloudWatch to S3": b"".join(b"2026-11-20T10:00:00.000Z " + value + b"\n" for value in (A, B, C)),
    "as `aws logs tail` prints it": b"".join(
        b"2026-11-20T10:00:00.123456+00:00 aws/bedrock/modelinvocations " + value + b"\n" for value in (A, B, C)
    ),
    "record separators": b"\x1e" + A + b"\n\x1e" + B + b"\n\x1e" + C,
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_every_form_gives_the_same_entries(data):
    assert told(data) == READ


@pytest.mark.parametrize("at_once", [1, 2, 7, 1000])
@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
def test_how_the_bytes_arrive_makes_no_difference(data, at_once):
    entries = decode(Trickle(data, at_once=at_once), "log")

    assert [(entry.source.line, entry.data) for entry in entries] == READ


@pytest.mark.parametrize("indent", [0, 1, 4])
def test_printed_prettily_a_value_stands_where_it_begins(indent):
    data = pretty(A, B, indent=indent)

    (first, entry), (second, other) = told(data)

    assert (first, json.loads(entry)) == (1, json.loads(A))
    assert (second, json.loads(other)) == (data[: data.index(b'"b"')].count(b"\n"), json.loads(B))


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_the_elements_of_an_array_are_entries(indent):
    elements = [json.loads(value) for value in (A, B, C)]

    entries = told(json.dumps(elements, indent=indent).encode())

    assert [json.loads(data) for _, data in entries] == elements


def test_objects_without_anything_between_them_are_one_line_as_long_as_it_is_short():
    assert told(A + B + b"\n") == [(1, A + B)]


def test_a_line_of_objects_without_end_is_told_apart():
    value = b'{"a":"' + b"x" * 1000 + b'"}'

    entries = told(value * 9000)

    assert entries == [(1, value)] * 9000


def test_blank_lines_count_as_lines():
    assert told(b"\n\n" + A + b"\n \t\n" + B) == [(3, A), (5, B)]


def test_times_before_other_lines_make_no_records_of_them():
    data = b"2026-11-20T10:00:00Z START RequestId: 1\n2026-11-20 10:00:01 more\n2026-11-20T10:00:02Z " + A + b"\n" + B

    assert told(data) == [(1, "not-json"), (3, A), (4, B)]


@pytest.mark.parametrize("data", [b"", b"\n\n", gzip.compress(b"", mtime=0), codecs.BOM_UTF8], ids=repr)
def test_an_empty_log_has_no_entries(data):
    assert told(data) == []


def test_a_text_that_holds_a_record_is_an_entry():
    text = json.dumps('{"a": 1}').encode()

    assert told(text + b"\n" + text) == [(1, text), (2, text)]


def test_what_is_in_an_array_but_no_record_is_an_entry_too():
    assert told(b'[1, null, "x", [2]]') == [(1, b"1"), (1, b"null"), (1, b'"x"'), (1, b"[2]")]


def test_reading_goes_on_from_a_line():
    assert told(LINES, first_line=2) == READ[1:]


def test_entries_carry_the_name_of_their_object():
    (entry,) = decode(io.BytesIO(A), "s3://bucket/key.json.gz")

    assert entry.source == Source("s3://bucket/key.json.gz", 1)


def test_a_record_of_many_lines_ends_where_its_brackets_do():
    shaped = b'{"text":"a line",\n "more":[\n{"x":1},\n{"y":2}\n]}\n'

    assert told(shaped + A) == [(1, shaped.strip()), (6, A)]
