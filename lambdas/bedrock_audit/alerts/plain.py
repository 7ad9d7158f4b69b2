"""Makes what a caller may have chosen (names, sessions, metadata) harmless in a line of text."""

from __future__ import annotations


def one_line(text: str, *, limit: int | None = None) -> str:
    """The text on one line and, with a limit, cut to it.

    Line breaks could forge further lines, control characters obey, direction overrides deceive: all become `?`.
    """
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown if limit is None or len(shown) <= limit else f"{shown[: limit - 1]}…"
