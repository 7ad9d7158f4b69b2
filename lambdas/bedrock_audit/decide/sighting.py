"""Several matches of one matter in one exchange, as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedrock_audit.detect.match import Match
from bedrock_audit.finding import Severity, Span
from bedrock_audit.observing import evidence_in
from bedrock_audit.record import InvocationRecord, Value

MOST_SPANS = 20


class Sighting(Value, frozen=True):
    """The match that shows the matter best, with what the others add to it.

    `is_shadow` holds when only clauses on trial saw it: then it is kept and never pages.
    """

    best: Match
    severity: Severity
    spans: tuple[Span, ...]
    explanation: tuple[str, ...]
    is_shadow: bool

    @classmethod
    def of(cls, matches: Sequence[Match]) -> Sighting:
        """One sighting of matches that all mean the same matter; a clause on trial adds nothing to one in force."""
        in_force = [match for match in matches if not match.shadow]
        ranked = sorted(in_force or matches, key=lambda match: (-match.score, match.rule, match.tier))
        return cls(
            best=ranked[0],
            severity=max((match.severity for match in ranked), key=lambda severity: severity.rank),
            spans=tuple(dict.fromkeys(span for match in ranked for span in match.spans))[:MOST_SPANS],
            explanation=tuple(dict.fromkeys(sentence for match in ranked for sentence in match.explanation)),
            is_shadow=not in_force,
        )

    def shown_in(self, record: InvocationRecord) -> dict[str, Any]:
        """The fields of a finding that say what was seen, where in the record, by what and how surely."""
        best = self.best
        place = self.spans[0].location if self.spans else ""
        return {
            "clause": best.clause,
            "disposition": best.disposition,
            "detector": best.tier,
            "score": best.score,
            "language": best.language,
            "shadow": self.is_shadow,
            "evidence": evidence_in(
                record, location=place, spans=self.spans, excerpt=best.excerpt, text_hash=best.text_hash
            ),
        }
