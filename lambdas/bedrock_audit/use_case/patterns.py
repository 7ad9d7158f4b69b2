"""Anchored patterns of `*` and `?`: whether one matches a text, lies within another, or meets it at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

WILD = "*"


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text, letter case included."""
    return _compiled(pattern, one=".").fullmatch(text) is not None


def matches_any(patterns: Sequence[str], text: str) -> bool:
    """Whether one of the patterns does; no patterns at all match everything."""
    return not patterns or any(matches(pattern, text) for pattern in patterns)


def is_within(inner: str, outer: str) -> bool:
    """Whether all that `inner` matches is matched by `outer`; a no may also mean that it cannot be told."""
    # The inner pattern is read as a text in which only a star of the outer one covers a star.
    return _compiled(outer, one=r"[^*]").fullmatch(inner) is not None


def all_within(inner: Sequence[str], outer: Sequence[str]) -> bool:
    """Whether each of the inner patterns lies within one of the outer ones; none at all stand for everything."""
    return all(any(is_within(one, other) for other in outer or (WILD,)) for one in inner or (WILD,))


def meet(one: str, other: str) -> bool:
    """Whether some text is matched by both patterns."""
    # Pairs of places up to which some text is matched on both sides; not by recursion, patterns may be long.
    seen = {(0, 0)}
    waiting = [(0, 0)]
    while waiting:
        i, j = waiting.pop()
        if i == len(one) or j == len(other):
            if not (one[i:] + other[j:]).strip(WILD):
                return True
            continue
        reached = _steps(one[i], other[j])
        fresh = {(i + step, j + other_step) for step, other_step in reached} - seen
        seen |= fresh
        waiting.extend(fresh)
    return False


def _steps(char: str, other: str) -> tuple[tuple[int, int], ...]:
    """How far both patterns can go on from these characters of theirs."""
    if WILD in (char, other):
        return (1, 0), (0, 1)
    return ((1, 1),) if char == other or "?" in (char, other) else ()


def any_meet(these: Sequence[str], those: Sequence[str]) -> bool:
    """Whether some text is matched on both sides; no patterns at all stand for everything."""
    return any(meet(one, other) for one in these or (WILD,) for other in those or (WILD,))


@lru_cache(maxsize=4096)
def _compiled(pattern: str, *, one: str) -> re.Pattern[str]:
    first, *rest = ("".join(one if char == "?" else re.escape(char) for char in run) for run in pattern.split(WILD))
    if not rest:
        return re.compile(first, re.DOTALL)
    # The first place where a run between stars fits is as good as any later one; the atomic group never looks back,
    # so that no text makes matching slow.
    between = "".join(f"(?>.*?{run})" for run in rest[:-1])
    return re.compile(f"{first}{between}.*{rest[-1]}", re.DOTALL)
