"""Turns what a detector saw in an exchange into findings and recorded usage: the one place a verdict is made.

Knows the registry's answer and the rules of identity; nothing about how a match came about or where things are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bedrock_audit.context import Context
from bedrock_audit.decide.oversight import UsedOn, beyond_limit, overdue
from bedrock_audit.decide.sighting import Sighting
from bedrock_audit.decide.uses import judged_use
from bedrock_audit.decide.violations import violation
from bedrock_audit.detect.match import Match
from bedrock_audit.exchanges import Exchange
from bedrock_audit.finding import Observation, Usage
from bedrock_audit.record import InvocationRecord
from bedrock_audit.use_case import Domain

__all__ = ["CONSEQUENTIAL", "Context", "UsedOn", "beyond_limit", "decide", "overdue"]

CONSEQUENTIAL = "consequential-decision"


def decide(
    record: InvocationRecord, exchange: Exchange, matches: Sequence[Match], context: Context
) -> Iterator[Observation | Usage]:
    """For each prohibition one violation; for each consequential domain usage, or what keeps the use from being one."""
    for (clause, domain), group in groupby(sorted(matches, key=_matter), key=_matter):
        sighting = Sighting.of(tuple(group))
        if clause == CONSEQUENTIAL:
            yield from judged_use(record, exchange, sighting, domain=domain, context=context)
        else:
            yield violation(record, exchange, sighting, context=context)


def _matter(match: Match) -> tuple[str, str]:
    """What several matches of one exchange are one about: a violation has no domain in its identity."""
    return match.clause, _domain(match) if match.clause == CONSEQUENTIAL else ""


def _domain(match: Match) -> str:
    return match.domain or Domain.FUNDAMENTAL_RIGHTS
