"""Splits a feed into JSON values, and names what stands between them; knows lines, arrays and their accidents."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from bedrock_audit.decode.entry import RawEntry
from bedrock_audit.decode.extent import CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT, QUOTE, Ending, Extent
from bedrock_audit.decode.feed import Feed
from bedrock_audit.record import Source, Unreadable

_HEADS = frozenset({OPEN_OBJECT, OPEN_ARRAY, QUOTE})
_BINARY_IF_IN = 1024
_PACKED = {
    b"PK\x03\x04": "a zip archive",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
    b"PAR1": "a Parquet file",
}
"""What logs are kept in that we do not unpack, by how it begins."""
_SHORT_LINE = 4 * 1024 * 1024
_SCALAR = re.compile(rb"[^,\]\n]{1,64}").match
_STAMP = re.compile(
    rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?[ \t](?:[^\s{\"\[]{1,600}[ \t])?(?=\{)"
).match
"""What CloudWatch's export to S3 puts before each event, and `aws logs tail` with the name of the stream after it."""
_LONGEST_STAMP = 640
_WRAPPED_ARRAY = re.compile(rb'\{\s*"\w+"\s*:\s*\[').match


def values(feed: Feed, *, limit: int) -> Iterator[RawEntry | Unreadable]:
    """Every value of the feed, elements of whole-file arrays singly; one of more than `limit` bytes is only named."""
    return _Splitter(feed, limit).entries()


class _Splitter:
    def __init__(self, feed: Feed, limit: int) -> None:
        self._feed = feed
        self._limit = limit
        self._open_arrays = 0
        self._broken_at: Source | None = None

    def entries(self) -> Iterator[RawEntry | Unreadable]:
        feed = self._feed
        if feed.skip_blank() and _is_binary(feed):
            yield Unreadable(feed.source, "binary", f"this is {_form(feed)}, not JSON, gzipped or plain")
            return
        while feed.skip_blank():
            if feed.head != OPEN_OBJECT or self._open_arrays:
                yield from self._anything()
            elif not feed.has_line(up_to=_SHORT_LINE) or not (yield from self._lines()):
                yield from self._value()
        yield from self._end()

    def _lines(self) -> Generator[RawEntry, None, bool]:
        """The short way: lines that begin and end like an object, as far as the window holds them. True if any did."""
        feed = self._feed
        buffer, begin, line, name = feed.buffer, feed.position, feed.line, feed.name
        while (end := buffer.find(b"\n", begin)) > begin:
            if buffer[begin] != OPEN_OBJECT or buffer[end - 1] != CLOSE_OBJECT or end - begin > self._limit:
                break
            yield RawEntry(Source(name, line), buffer[begin:end])
            begin, line = end + 1, line + 1
        went_on = begin > feed.position
        feed.position, feed.line = begin, line
        return went_on

    def _anything(self) -> Iterator[RawEntry | Unreadable]:
        head = self._feed.head
        if head in (OPEN_OBJECT, QUOTE) or (head == OPEN_ARRAY and self._open_arrays):
            yield from self._value()
        elif head == OPEN_ARRAY:
            self._enter_array(self._feed.position + 1)
        elif head == CLOSE_ARRAY and self._open_arrays:
            self._open_arrays -= 1
            self._feed.move_to(self._feed.position + 1)
        elif self._open_arrays:
            yield self._scalar()
        elif not self._left_stamp():
            yield self._junk()

    def _left_stamp(self) -> bool:
        """Leaves behind the time before a record; False if there is none."""
        feed = self._feed
        feed.has_line(up_to=_LONGEST_STAMP)
        stamp = _STAMP(feed.buffer, feed.position)
        if stamp:
            feed.move_to(stamp.end())
        return stamp is not None

    def _enter_array(self, position: int) -> None:
        self._open_arrays += 1
        self._feed.move_to(position)

    def _value(self) -> Iterator[RawEntry | Unreadable]:
        extent = Extent(self._feed, limit=self._limit)
        if extent.ending is Ending.OVER or extent.length > self._limit:
            yield from self._oversized(extent)
        elif extent.ending is Ending.CLOSED:
            yield self._taken(extent.length)
        else:
            yield from self._unclosed(extent)

    def _taken(self, length: int) -> RawEntry:
        feed = self._feed
        end = feed.position + length
        entry = RawEntry(feed.source, feed.buffer[feed.position : end])
        feed.move_to(end)
        return entry

    def _oversized(self, extent: Extent) -> Iterator[Unreadable]:
        """A wrapper around one long array (`aws logs filter-log-events`) is entered, any other giant is dropped."""
        feed = self._feed
        wrapper = _WRAPPED_ARRAY(feed.buffer, feed.position)
        if wrapper and not self._open_arrays:
            self._enter_array(wrapper.end())
            return
        yield Unreadable(feed.source, "too-large", f"a value of more than {self._limit:,} bytes was left out")
        extent.drop()

    def _unclosed(self, extent: Extent) -> Iterator[RawEntry]:
        """What was looked at in vain, anew by lines: those that are whole can still be read, the others be named."""
        feed = self._feed
        end = len(feed.buffer) if extent.ending is Ending.OPEN else feed.position + extent.length
        while (begin := feed.buffer.find(b"\n{", feed.position, end)) >= 0:
            yield self._taken(begin + 1 - feed.position)
        last = self._taken(end - feed.position)
        if extent.ending is Ending.OPEN:
            self._open_arrays = 0
            self._broken_at = last.source
        if extent.ending is Ending.CUT or not feed.broken:
            yield last

    def _scalar(self) -> RawEntry:
        match = _SCALAR(self._feed.buffer, self._feed.position)
        return self._taken(match.end() - match.start() if match else 1)

    def _junk(self) -> Unreadable:
        """A run of lines that begin like no JSON value."""
        feed = self._feed
        source = feed.source
        feed.drop_line()
        while feed.skip_blank() and feed.head not in _HEADS and not self._left_stamp():
            feed.drop_line()
        lines = (
            f"line {source.line} is" if feed.line <= source.line + 1 else f"lines {source.line} to {feed.line - 1} are"
        )
        return Unreadable(source, "not-json", f"{lines} not JSON")

    def _end(self) -> Iterator[Unreadable]:
        feed = self._feed
        if feed.broken:
            yield Unreadable(
                self._broken_at or feed.source, feed.broken.reason, "the compressed data ends or breaks here"
            )
        elif self._open_arrays:
            yield Unreadable(feed.source, "truncated", "the array that holds the records never ends")


def _is_binary(feed: Feed) -> bool:
    begin = feed.buffer[feed.position : feed.position + _BINARY_IF_IN]
    return feed.head not in _HEADS and (b"\0" in begin or begin.startswith(tuple(_PACKED)))


def _form(feed: Feed) -> str:
    """What binary data is, where that can be told."""
    forms = (name for magic, name in _PACKED.items() if feed.buffer.startswith(magic, feed.position))
    return next(forms, "binary data")
