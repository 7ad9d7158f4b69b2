"""The facts of an exchange that are not in its words: how it ended, what was shown, what a guardrail did."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from bedrock_audit.exchanges import Exchange
from bedrock_audit.finding import Disposition
from bedrock_audit.record import Guardrail, InvocationRecord, Value

_MODEL_KINDS = {
    "embedding": ("embed",),
    "video": ("nova-reel", "luma.ray", "video"),
    "image": ("titan-image", "nova-canvas", "stability.", "stable-", "-image"),
    "speech": ("nova-sonic", "speech", "polly", "voxtral"),
}


class Facts(Value, frozen=True):
    """What `when` may ask about; `guardrail` are the policies with which one intervened in this very record."""

    disposition: Disposition
    media: frozenset[str]
    model: str
    guardrail: tuple[str, ...] | None


def facts(exchange: Exchange, record: InvocationRecord, disposition: Disposition) -> Facts:
    """The facts; a record's guardrail speaks of the new exchange only."""
    turns = {part.turn for part in (*exchange.asked, *exchange.answered)}
    shown = frozenset(item.kind for item in record.media if item.turn in turns)
    guardrail = _intervened(record.guardrail) if exchange.is_new else None
    return Facts(disposition=disposition, media=shown, model=model_kind(record.model.id), guardrail=guardrail)


def model_kind(model_id: str) -> str:
    """`text`, `image`, `video`, `speech` or `embedding`, by what Bedrock's model ids have in common."""
    name = model_id.lower()
    return next((kind for kind, marks in _MODEL_KINDS.items() if any(mark in name for mark in marks)), "text")


def guardrail_matches(wanted: Sequence[str], policies: tuple[str, ...] | None) -> bool:
    """Whether a guardrail intervened with one of the policies wanted (`content:*`); `*` also if it named none."""
    if policies is None:
        return False
    return "*" in wanted or any(fnmatchcase(policy, pattern) for policy in policies for pattern in wanted)


def _intervened(guardrail: Guardrail | None) -> tuple[str, ...] | None:
    return guardrail.policies if guardrail is not None and guardrail.intervened else None
