"""Makes what a caller may have chosen (names, sessions, metadata) harmless in a line of text."""

from __future__ import annotations

import re

from bedrock_audit.finding import Finding
from bedrock_audit.finding_json import iso

_LINK = re.compile(r"(?i)\bhttp(?=s?://)")


def one_line(text: str, *, limit: int | None = None) -> str:
    """The text on one line and, with a limit, cut to it.

    Line breaks could forge further lines, control characters obey, direction overrides deceive: all become `?`. Web
    addresses, which mail clients make clickable by themselves, begin with `hxxp` as incident responders write them.
    """
    shown = _LINK.sub("hxxp", "".join(char if char.isprintable() else "?" for char in text))
    return shown if limit is None else cut(shown, limit)


def cut(text: str, limit: int) -> str:
    """The text, or as much of it as the limit allows."""
    if units(text) <= limit:
        return text
    return text.encode("utf-16-le")[: 2 * limit - 2].decode("utf-16-le", "ignore") + "…"


def units(text: str) -> int:
    """How long the text is to a program that counts UTF-16, as chats may: an emoji counts twice."""
    return len(text.encode("utf-16-le")) // 2


def how_often(finding: Finding) -> str:
    """How often it came up, and between which times."""
    if finding.occurrences == 1 or finding.first_seen == finding.last_seen:
        times = {0: "in what was sent along", 1: "once"}.get(finding.occurrences, f"{finding.occurrences:,} times")
        return f"{times}, {iso(finding.last_seen)}"
    return f"{finding.occurrences:,} times, {iso(finding.first_seen)} to {iso(finding.last_seen)}"
