"""Makes what a caller may have chosen (names, sessions, metadata) harmless in a line of text."""

from __future__ import annotations

from bedrock_audit.finding import Finding
from bedrock_audit.finding_json import iso


def one_line(text: str, *, limit: int | None = None) -> str:
    """The text on one line and, with a limit, cut to it.

    Line breaks could forge further lines, control characters obey, direction overrides deceive: all become `?`.
    """
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown if limit is None or len(shown) <= limit else f"{shown[: limit - 1]}…"


def how_often(finding: Finding) -> str:
    """How often it came up, and between which times."""
    if finding.occurrences == 1 or finding.first_seen == finding.last_seen:
        times = {0: "in what was sent along", 1: "once"}.get(finding.occurrences, f"{finding.occurrences:,} times")
        return f"{times}, {iso(finding.last_seen)}"
    return f"{finding.occurrences:,} times, {iso(finding.first_seen)} to {iso(finding.last_seen)}"
