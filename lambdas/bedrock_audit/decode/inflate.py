"""Turns a stream, gzipped or not, into plain UTF-8 bytes piece by piece; knows compression, nothing about JSON."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from isal import igzip_lib

from bedrock_audit.record import Value

GZIP_MAGIC = b"\x1f\x8b"
READ_BYTES = 64 * 1024
PIECE_BYTES = 128 * 1024
MOST_LAYERS = 3
"""How often gzip is looked for within gzip: Firehose packs what CloudWatch Logs packed already."""

_DAMAGED: type[Exception] = igzip_lib.error  # type: ignore[assignment]  # isal's stub calls the class an instance
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Broken(Value, frozen=True):
    """The end of what could be had: `reason` is a slug."""

    reason: str


def inflated(stream: BinaryIO) -> Iterator[bytes | Broken]:
    """Pieces of at most about PIECE_BYTES, without a byte-order mark; a `Broken`, if any, comes last."""
    pieces: Iterator[bytes | Broken] = iter(lambda: stream.read(READ_BYTES), b"")
    for _ in range(MOST_LAYERS):
        first, pieces = _begun(pieces, len(GZIP_MAGIC))
        if not first.startswith(GZIP_MAGIC):
            break
        pieces = _gunzipped(pieces)
    return _as_utf8(pieces)


def gunzipped(data: bytes, *, limit: int) -> bytes | Broken:
    """What gzipped data unpacks to, up to `limit` bytes; other data as it is."""
    if not data.startswith(GZIP_MAGIC):
        return data
    pieces: list[bytes] = []
    for piece in _gunzipped(iter([data])):
        if isinstance(piece, Broken):
            return piece
        pieces.append(piece)
        if sum(map(len, pieces)) > limit:
            return Broken("too-large")
    return b"".join(pieces)


def _begun(pieces: Iterator[bytes | Broken], length: int) -> tuple[bytes, Iterator[bytes | Broken]]:
    """At least the first `length` bytes, if there are so many, and all pieces again."""
    first, end = b"", None
    while len(first) < length and end is None and (piece := next(pieces, b"")):
        if isinstance(piece, Broken):
            end = piece
        else:
            first += piece
    return first, chain([first], [end] if end else [], pieces)


def _gunzipped(raw: Iterator[bytes | Broken]) -> Iterator[bytes | Broken]:
    """Any number of members; zero padding after the last is allowed, as gzip(1) does."""
    pending = next(raw, b"")
    while isinstance(pending, bytes) and pending.startswith(GZIP_MAGIC):
        member = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        while not member.eof:
            if member.needs_input and not pending:
                pending = next(raw, b"") or Broken("gzip-truncated")
            if isinstance(pending, Broken):
                yield pending
                return
            try:
                piece = member.decompress(pending, PIECE_BYTES)
            except _DAMAGED:
                yield Broken("gzip-corrupt")
                return
            pending = b""
            if piece:
                yield piece
        pending = _after_padding(member.unused_data, raw)
    if pending:
        yield pending if isinstance(pending, Broken) else Broken("gzip-corrupt")


def _after_padding(pending: bytes, raw: Iterator[bytes | Broken]) -> bytes | Broken:
    pending = pending.lstrip(b"\0")
    while len(pending) < len(GZIP_MAGIC) and (more := next(raw, b"")):
        if isinstance(more, Broken):
            return more
        pending = (pending + more).lstrip(b"\0")
    return pending


def _as_utf8(pieces: Iterator[bytes | Broken]) -> Iterator[bytes | Broken]:
    """Without a byte-order mark, and from UTF-16 where the mark says so."""
    first, whole = _begun(pieces, len(codecs.BOM_UTF8))
    if first.startswith(_UTF16):
        return _from_utf16(whole)
    return chain([first.removeprefix(codecs.BOM_UTF8)], islice(whole, 1, None))


def _from_utf16(pieces: Iterator[bytes | Broken]) -> Iterator[bytes | Broken]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for piece in pieces:
        yield piece if isinstance(piece, Broken) else decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()
