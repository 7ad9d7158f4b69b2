"""Makes the smallest record around texts that come from no log: a clause's case, a line of somebody's file."""

from __future__ import annotations

from collections.abc import Iterable

from bedrock_audit.record import (
    Body,
    BodyState,
    Guardrail,
    InvocationRecord,
    Media,
    Model,
    Part,
    Principal,
    Source,
)


def bare_record(
    parts: Iterable[Part], *, model: str = "", media: tuple[Media, ...] = (), guardrail: Guardrail | None = None
) -> InvocationRecord:
    """An invocation of which nothing is known but this."""
    return InvocationRecord(
        source=Source(object="text", line=1),
        identity="text",
        request_id="",
        timestamp=None,
        operation="",
        account="",
        region="",
        principal=Principal(arn=""),
        model=Model(id=model),
        input=Body(state=BodyState.PRESENT),
        output=Body(state=BodyState.PRESENT),
        parts=tuple(parts),
        media=media,
        guardrail=guardrail,
    )
