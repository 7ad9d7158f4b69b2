"""Which safeguards of a use case a record fails to show; those that no single record can show are watched elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from bedrock_audit.finding import Attribution
from bedrock_audit.record import Guardrail, InvocationRecord, Value
from bedrock_audit.use_case.terms import UseCase


class Safeguard(StrEnum):
    """A safeguard that is checked."""

    GUARDRAIL = "guardrail"
    ATTRIBUTION = "verified attribution"
    DAILY_LIMIT = "daily limit"
    HUMAN_REVIEW = "human review"


class MissingSafeguard(Value, frozen=True):
    """A safeguard that was asked for, and a sentence on what shows that it is not there."""

    safeguard: Safeguard
    sentence: str


def missing_safeguards(use_case: UseCase, record: InvocationRecord) -> tuple[MissingSafeguard, ...]:
    """The safeguards this one record should show and does not."""
    return (*_attribution(use_case), *_guardrail(use_case, record.guardrail))


def _attribution(use_case: UseCase) -> Iterator[MissingSafeguard]:
    if use_case.safeguards.attribution is Attribution.VERIFIED and use_case.who.attribution is Attribution.DECLARED:
        yield MissingSafeguard(
            Safeguard.ATTRIBUTION,
            "only requestMetadata, the caller's own word, says that this call belongs here; "
            "verified attribution needs a principal or an inference profile",
        )


def _guardrail(use_case: UseCase, seen: Guardrail | None) -> Iterator[MissingSafeguard]:
    wanted = use_case.safeguards.guardrail_required
    if not wanted:
        return
    named = "a Guardrail" if wanted is True else f"Guardrail {wanted}"
    if seen is None:
        shown = "the record carries no Guardrail trace (Bedrock logs one only where the caller turned tracing on)"
    elif wanted is True or any(_id(wanted) == _id(found) for found in seen.ids):
        return
    elif seen.ids:
        shown = f"the trace in the record is of {', '.join(sorted(map(_id, seen.ids))[:3])}"
    else:
        shown = "a Guardrail left its mark in the record, but not its id"
    yield MissingSafeguard(Safeguard.GUARDRAIL, f"{named} is required; {shown}")


def _id(guardrail: str) -> str:
    """The bare id of a Guardrail's ARN or `id:version`."""
    return guardrail.rpartition("/")[2].partition(":")[0]
