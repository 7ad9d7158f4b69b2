"""Says which letters must be in a text for a regular expression to match there; reads just enough of RE2's syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bedrock_audit.policy.common_words import commonness
from bedrock_audit.policy.needs import Need, rarest, united

SHORTEST = 2
"""Letters that are worth looking for; two of them stand within many words."""

_TOKEN = re.compile(
    r"\\[xpP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:[a-z]+:\]|[^\]\\])*\]|\(\?P?<[^>]*>|\(\?[imsU-]*[:)]|"
    r"\{\d+(?:,\d*)?\}\??|[*+?]\??|.",
    re.DOTALL,
)
_WITHIN_WORDS = 15.0
_NOWHERE = frozenset({r"\b", r"\B", r"\A", r"\z", "^", "$"})
_QUANTIFIERS = frozenset("*+?{")


def regex_needs(source: str, listed: Mapping[str, Need | None]) -> tuple[Need, ...]:
    """What the expression needs, the rarest first; none if no letters can be counted on.

    `listed` holds the needs of word lists by the character that stands for each in `source`.
    """
    return rarest(_Reading(source, listed).choice())


class _Reading:
    def __init__(self, source: str, listed: Mapping[str, Need | None]) -> None:
        self.tokens = _TOKEN.findall(source)
        self.listed = listed
        self.at = 0

    def choice(self) -> list[Need]:
        """The needs of alternatives up to a closing bracket: all of a single one, else one that unites them."""
        options = [self.sequence()]
        while self.at < len(self.tokens) and self.tokens[self.at] == "|":
            self.at += 1
            options.append(self.sequence())
        if len(options) == 1:
            return options[0]
        whole = united([min(option, key=lambda need: need.commonness, default=None) for option in options])
        return [whole] if whole else []

    def sequence(self) -> list[Need]:
        found: list[Need] = []
        run = ""
        while self.at < len(self.tokens) and self.tokens[self.at] not in {"|", ")"}:
            token = self.tokens[self.at]
            self.at += 1
            inner = self.group(token)
            least = self.least_count()
            if token in _NOWHERE:
                continue
            if token.isalnum() and len(token) == 1 and least == 1:
                run += token
                continue
            found += _of_run(run + (token if token.isalnum() and least > 1 else ""))
            run = ""
            found += inner if least else []
        return [*found, *_of_run(run)]

    def group(self, token: str) -> list[Need]:
        """The needs of what a bracket or a list's character opens; none for anything else."""
        if token in self.listed:
            need = self.listed[token]
            return [need] if need else []
        if not token.startswith("(") or token.endswith(")"):
            return []
        found = self.choice()
        self.at += 1
        return found

    def least_count(self) -> int:
        """How often the item before must stand at least; 2 when it may stand more often than once."""
        if self.at >= len(self.tokens) or self.tokens[self.at][0] not in _QUANTIFIERS:
            return 1
        quantifier = self.tokens[self.at]
        self.at += 1
        return 0 if quantifier[0] in "*?" or quantifier.startswith(("{0,", "{0}")) else 2


def _of_run(run: str) -> Iterator[Need]:
    if len(run) >= SHORTEST:
        yield Need(needles=(run,), commonness=commonness(run) if len(run) > SHORTEST else _WITHIN_WORDS)
