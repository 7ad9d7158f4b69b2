"""Looks ahead: which patterns could match a text at all, all patterns of all clauses asked at once."""

from __future__ import annotations

import re2

from bedrock_audit.policy.compiled import Policy

MEMORY = 96 << 20
"""Bytes RE2 may use for its automaton; with the usual 8 MB it thrashes and is ten times slower."""


class Ahead:
    """One RE2 set over the stretches that must be in a text for a pattern to match."""

    def __init__(self, policy: Policy) -> None:
        self._patterns = list(
            dict.fromkeys(pattern.ahead for signal in policy.signals.values() for pattern in signal.patterns)
        )
        options = re2.Options()
        options.never_capture = True
        options.log_errors = False
        options.max_mem = MEMORY
        self._set = re2.Set.SearchSet(options)
        for pattern in self._patterns:
            self._set.Add(pattern)
        if self._patterns:
            self._set.Compile()

    def candidates(self, data: bytes) -> frozenset[str]:
        """The `ahead` of every pattern that may match."""
        found = self._set.Match(data) if self._patterns else None
        return frozenset(self._patterns[place] for place in found) if found else frozenset()
