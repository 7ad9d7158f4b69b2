"""Compiled RE2 expressions for scanning hostile text: linear time, whatever is in it."""

from __future__ import annotations

from functools import cache

import re2

from bedrock_audit.policy.pattern import quiet

MEMORY = 4 << 20
"""Bytes one expression's automaton may use. It grows with whatever it is shown; thousands of them, see `forget`."""


@cache
def finder(pattern: str) -> re2._Regexp:
    """The expression, compiled once per process."""
    options = quiet()
    options.max_mem = MEMORY
    return re2.compile(pattern, options)


def forget() -> None:
    """Drops all expressions and with them what their automata have learnt; they are compiled again when needed."""
    finder.cache_clear()
