"""What a detector says it saw; whether that is allowed is decided elsewhere."""

from __future__ import annotations

from bedrock_audit.finding import Disposition, Severity, Span
from bedrock_audit.record import Value


class Match(Value, frozen=True):
    """One clause that holds for one exchange.

    `clause` is the policy clause (`consequential-decision`), `domain` its domain if it has them, `rule` the id of the
    clause file (`consequential-decision.lending`). `score` is 0 to 1, `tier` the detector (`clause`, `classifier`,
    `judge`). `spans` point at the original characters, the first span being the main one. `explanation` are sentences
    about which conditions held and where, without content. `excerpt` is redacted and bounded, None where the clause
    forbids text. `text_hash` identifies the matched text without showing it.
    """

    rule: str
    clause: str
    severity: Severity
    score: float
    spans: tuple[Span, ...]
    domain: str | None = None
    tier: str = "clause"
    title: str = ""
    disposition: Disposition = Disposition.UNKNOWN
    explanation: tuple[str, ...] = ()
    excerpt: str | None = None
    text_hash: str = ""
    language: str = ""
    shadow: bool = False
