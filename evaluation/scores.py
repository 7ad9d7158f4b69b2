"""Counts what was found against what is there, and says how sure such a share is."""

from __future__ import annotations

from math import sqrt

from bedrock_audit.record import Value

Z = 1.96
"""Of the 95 % interval."""


class Share(Value, frozen=True):
    """So many of so many."""

    hits: int
    of: int

    def __str__(self) -> str:
        if not self.of:
            return "–"
        low, high = self.interval
        return f"{self.hits / self.of:.2f} ({low:.2f}–{high:.2f}; {self.hits}/{self.of})"

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval; it stays sensible for few rows and for shares near 0 and 1."""
        n, p = self.of, self.hits / self.of
        middle, spread = p + Z * Z / (2 * n), Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        scale = 1 + Z * Z / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


class Judged(Value, frozen=True):
    """One row with what was found in it; `about` is the sheet it stands in."""

    about: str
    group: str
    lang: str
    labels: frozenset[str]
    may: frozenset[str]
    found: frozenset[str]

    @property
    def is_benign(self) -> bool:
        """Whether it carries no label."""
        return not self.labels

    @property
    def wrong(self) -> frozenset[str]:
        """What was found and is not there."""
        return self.found - self.labels - self.may

    @property
    def missed(self) -> frozenset[str]:
        """What is there and was not found."""
        return self.labels - self.found


def precision(rows: list[Judged], label: str) -> Share:
    """Of all rows flagged with the label, those that carry it; rows that may carry it do not count."""
    right = sum(label in row.labels & row.found for row in rows)
    return Share(right, right + sum(label in row.wrong for row in rows))


def recall(rows: list[Judged], label: str) -> Share:
    """Of all rows that carry the label, those flagged with it."""
    there = [row for row in rows if label in row.labels]
    return Share(sum(label in row.found for row in there), len(there))


def false_positives(rows: list[Judged], label: str) -> Share:
    """Of the rows that do not and may not carry the label, those flagged with it."""
    without = [row for row in rows if label not in row.labels | row.may]
    return Share(sum(label in row.found for row in without), len(without))


def found_whole(rows: list[Judged]) -> Share:
    """Of the violating rows, those in which nothing was missed."""
    violating = [row for row in rows if not row.is_benign]
    return Share(sum(not row.missed for row in violating), len(violating))


def flagged_wrongly(rows: list[Judged]) -> Share:
    """Of the benign rows, those flagged with anything at all."""
    benign = [row for row in rows if row.is_benign]
    return Share(sum(bool(row.wrong) for row in benign), len(benign))
