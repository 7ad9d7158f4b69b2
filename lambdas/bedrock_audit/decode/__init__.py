"""Turns a log object's bytes into raw entries; knows gzip and JSON's brackets, nothing about Bedrock.

Lines of JSON are the rule; whole-file arrays, pretty-printed and concatenated values, byte-order marks, several gzip
members in a row and whatever else re-exports make of a log are read too. Nothing is ever held but the value at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from bedrock_audit.decode.entry import MAX_ENTRY_BYTES, RawEntry
from bedrock_audit.decode.feed import Feed
from bedrock_audit.decode.inflate import inflated
from bedrock_audit.decode.values import values
from bedrock_audit.record import Skipped, Unreadable

__all__ = ["MAX_ENTRY_BYTES", "RawEntry", "decode"]


def decode(
    stream: BinaryIO, name: str, *, first_line: int = 1, max_entry_bytes: int = MAX_ENTRY_BYTES
) -> Iterator[RawEntry | Unreadable | Skipped]:
    """Every JSON value in the stream with the line it begins on, and what stands between them and cannot be read.

    Gzip is told by its magic bytes. Values that begin before `first_line` are left out, so that a checkpoint can go
    on. Reasons of what is unreadable: `gzip-truncated`, `gzip-corrupt`, `binary`, `not-json`, `too-large`,
    `truncated`. A value whose brackets never close is an entry too: parsing it says so.
    """
    entries = values(Feed(inflated(stream), name), limit=max_entry_bytes)
    if first_line <= 1:
        return entries
    return (entry for entry in entries if entry.source.line >= first_line)
