"""Says what the model did about an ask: complied, refused, was blocked, or cannot be told."""

from __future__ import annotations

from functools import cache
from typing import Any

from bedrock_audit.detect.scanning import finder
from bedrock_audit.exchanges import Exchange
from bedrock_audit.finding import Disposition
from bedrock_audit.policy.folding import folded
from bedrock_audit.policy.loader import shared_signal
from bedrock_audit.record import Direction, Guardrail, InvocationRecord, PartKind

BEGINNING = 320
"""Characters of an answer in which a refusal stands."""

_REFUSAL_STOPS = frozenset({"refusal"})
_BLOCKED_STOPS = frozenset({"guardrail_intervened", "content_filtered", "guardrail", "content_filter"})
_MASKING = "pii:"
_SPOKEN = frozenset({PartKind.TEXT, PartKind.TOOL_ARGUMENTS, PartKind.UNKNOWN})


def disposition(exchange: Exchange, record: InvocationRecord) -> Disposition:
    """What became of the ask; a prompt that never got an answer is UNKNOWN."""
    answer = [part for part in exchange.answered if part.kind in _SPOKEN and part.text.strip()]
    if exchange.is_new:
        answer = [part for part in answer if part.direction is Direction.OUTPUT]
        if _is_blocked(record.guardrail, record.stop_reason):
            return Disposition.BLOCKED
        if record.stop_reason.lower() in _REFUSAL_STOPS:
            return Disposition.REFUSED
    if not answer:
        return Disposition.UNKNOWN
    return Disposition.REFUSED if all(is_refusal(part.text) for part in answer) else Disposition.COMPLIED


def _is_blocked(guardrail: Guardrail | None, stop_reason: str) -> bool:
    """Whether a guardrail withheld the answer; one that only masked personal data let it through."""
    if stop_reason.lower() in _BLOCKED_STOPS:
        return True
    if guardrail is None or not guardrail.intervened:
        return False
    return not guardrail.policies or not all(policy.startswith(_MASKING) for policy in guardrail.policies)


def is_refusal(text: str) -> bool:
    """Whether the text begins by refusing and does not go on to help after all."""
    beginning, refuses = folded(text[:BEGINNING]).encode(), finder(_joined("refuses"))
    if refuses.search(beginning) is None:
        return False  # as most answers; only the rest is asked how it is meant
    refusal = refuses.search(finder(_joined("only-a-manner-of-speaking")).sub(_blank, beginning))
    if refusal is None:
        return False
    rest = folded(text).encode()[refusal.end() :]
    after_all = finder(_joined("helps-after-all")).search(rest)
    return after_all is None or finder(_joined("only-points-to-help")).search(after_all.group()) is not None


def _blank(found: Any) -> bytes:
    """Blanks of the length of what was found: places after it stay where they are."""
    return b" " * len(found.group())


@cache
def _joined(name: str) -> str:
    return "|".join(f"(?:{pattern.exact})" for pattern in shared_signal(name).patterns)
