"""Turns a stream, gzipped or not, into plain UTF-8 bytes piece by piece; knows compression, nothing about JSON."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from isal import igzip_lib

from bedrock_audit.record import Value

GZIP_MAGIC = b"\x1f\x8b"
READ_BYTES = 64 * 1024
PIECE_BYTES = 256 * 1024

_DAMAGED: type[Exception] = igzip_lib.error  # type: ignore[assignment]  # isal's stub calls the class an instance
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Broken(Value, frozen=True):
    """The end of what could be had: `reason` is a slug."""

    reason: str


def inflated(stream: BinaryIO) -> Iterator[bytes | Broken]:
    """Pieces of at most about PIECE_BYTES, without a byte-order mark; a `Broken`, if any, comes last."""
    raw = _read(stream)
    first = next(raw, b"")
    while len(first) < 2 and (more := next(raw, b"")):
        first += more
    pieces = _gunzipped(chain([first], raw)) if first.startswith(GZIP_MAGIC) else chain([first], raw)
    return _as_utf8(pieces)


def gunzipped(data: bytes, *, limit: int) -> bytes | Broken:
    """All of one gzip member, as long as it unpacks to no more than `limit` bytes; other data as it is."""
    if not data.startswith(GZIP_MAGIC):
        return data
    member = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
    try:
        plain: bytes = member.decompress(data, limit + 1)
    except _DAMAGED:
        return Broken("gzip-corrupt")
    if len(plain) > limit:
        return Broken("too-large")
    return plain if member.eof else Broken("gzip-truncated")


def _read(stream: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: stream.read(READ_BYTES), b"")


def _gunzipped(raw: Iterator[bytes]) -> Iterator[bytes | Broken]:
    """Any number of members; zero padding after the last is allowed, as gzip(1) does."""
    pending = next(raw)
    while pending.startswith(GZIP_MAGIC):
        member = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        while not member.eof:
            if member.needs_input and not pending and not (pending := next(raw, b"")):
                yield Broken("gzip-truncated")
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
        yield Broken("gzip-corrupt")


def _after_padding(pending: bytes, raw: Iterator[bytes]) -> bytes:
    pending = pending.lstrip(b"\0")
    while len(pending) < 2 and (more := next(raw, b"")):
        pending = (pending + more).lstrip(b"\0")
    return pending


def _as_utf8(pieces: Iterator[bytes | Broken]) -> Iterator[bytes | Broken]:
    first = next(pieces, b"")
    if isinstance(first, bytes):
        if first.startswith(_UTF16):
            return _from_utf16(chain([first], pieces))
        first = first.removeprefix(codecs.BOM_UTF8)
    return chain([first], pieces)


def _from_utf16(pieces: Iterator[bytes | Broken]) -> Iterator[bytes | Broken]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for piece in pieces:
        yield piece if isinstance(piece, Broken) else decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()
