"""Says what the model did about an ask: complied, refused, was blocked, or cannot be told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bedrock_audit.exchanges import Exchange
from bedrock_audit.finding import Disposition
from bedrock_audit.policy.folding import folded
from bedrock_audit.record import Direction, InvocationRecord, Part, PartKind

BEGINNING = 400
"""Characters of an answer in which a refusal stands."""

_REFUSAL = re.compile(
    r"\b(?:i(?:'m| am) (?:really |very |so )?(?:sorry|unable|not able|not going to|not comfortable)|i (?:can(?:no|')?t|won'?t|must decline|will not)"
    r"|as an ai\b.{0,60}\b(?:can(?:no|')?t|unable|not able))\b"
)
_SPOKEN = frozenset({PartKind.TEXT, PartKind.REASONING, PartKind.UNKNOWN, PartKind.TOOL_ARGUMENTS})


def disposition(exchange: Exchange, record: InvocationRecord) -> Disposition:
    """What became of the ask."""
    if exchange.is_new and record.guardrail is not None and record.guardrail.intervened:
        return Disposition.BLOCKED
    answer = [part for part in exchange.answered if part.kind in _SPOKEN]
    if exchange.is_new and not any(part.direction is Direction.OUTPUT for part in answer):
        return Disposition.UNKNOWN
    return _of_texts([part.text for part in answer if part.kind is not PartKind.REASONING])


def _of_texts(texts: Sequence[str]) -> Disposition:
    spoken = [text for text in texts if text.strip()]
    if not spoken:
        return Disposition.UNKNOWN
    return Disposition.REFUSED if all(is_refusal(text) for text in spoken) else Disposition.COMPLIED


def is_refusal(text: str) -> bool:
    """Whether the text begins by refusing."""
    return bool(_REFUSAL.search(folded(text[:BEGINNING])))


def refused_parts(exchange: Exchange) -> Sequence[Part]:
    """The answers that refuse: their words are the refusal's, not a violation's."""
    return [part for part in exchange.answered if is_refusal(part.text)]
