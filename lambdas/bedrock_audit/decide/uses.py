"""A consequential use as the registry judges it: recorded as usage, or a finding about the use and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bedrock_audit.context import Context
from bedrock_audit.decide.sighting import Sighting
from bedrock_audit.decide.wording import refusal_sentence, refusal_title
from bedrock_audit.exchanges import Exchange
from bedrock_audit.finding import Attribution, Finding, Observation, Usage, usage_id, use_id
from bedrock_audit.observing import finding_about, observed, remembered
from bedrock_audit.record import InvocationRecord, Value
from bedrock_audit.use_case import Refusal, Refused, UseCase


def judged_use(
    record: InvocationRecord, exchange: Exchange, sighting: Sighting, *, domain: str, context: Context
) -> Iterator[Observation | Usage]:
    """Usage if a use case permits it (once, by the record that asked), else a finding per kind of trouble.

    Registration is judged as of the call, not as of the audit: auditing again next year must not find something else.
    """
    permission = context.registry.judge(record, domain, at=context.time_of(record))
    if isinstance(permission, Refused):
        for finding in _refused(permission, record, sighting, domain=domain, context=context):
            yield observed(finding, record, context) if exchange.is_new else remembered(finding, record, context)
    elif exchange.is_new and not sighting.is_shadow:
        yield _usage(permission.use_case, record, domain=domain, context=context)


class _Trouble(Value, frozen=True):
    """What is the matter with a use, as one finding tells it."""

    title: str
    explanation: tuple[str, ...]
    safeguard: str = ""


def _refused(
    refused: Refused, record: InvocationRecord, sighting: Sighting, *, domain: str, context: Context
) -> Iterator[Finding]:
    """One finding about the use, or one per missing safeguard: each is mended, and resolved, on its own.

    An undeclared use belongs to no use case, not even to the nearest, or a suppression of that one would hide it. A
    use is a practice, not one answer: what the model did about it does not move the severity.
    """
    use_case = None if refused.refusal is Refusal.UNDECLARED or not refused.use_case else refused.use_case.id
    for trouble in _troubles(refused, record, domain=domain):
        yield finding_about(
            record,
            context,
            id=use_id(
                verdict=refused.verdict,
                domain=domain,
                account=record.account,
                principal=record.principal.arn,
                use_case=use_case,
                safeguard=trouble.safeguard,
            ),
            verdict=refused.verdict,
            domain=domain,
            severity=sighting.severity,
            use_case=use_case,
            title=trouble.title,
            explanation=(*trouble.explanation, *sighting.explanation),
            **_attribution(refused, use_case),
            **sighting.shown_in(record),
        )


def _attribution(refused: Refused, use_case: str | None) -> dict[str, Attribution]:
    """Declared, where nothing but the caller's own word ties the call to the use case."""
    is_declared = use_case is not None and refused.attribution is Attribution.DECLARED
    return {"attribution": Attribution.DECLARED} if is_declared else {}


def _troubles(refused: Refused, record: InvocationRecord, *, domain: str) -> Iterator[_Trouble]:
    told = refusal_sentence(refused, record, domain=domain)
    if not refused.missing:
        yield _Trouble(refusal_title(refused, record, domain=domain), (told, *refused.reasons))
    for lack, reason in zip(refused.missing, refused.reasons, strict=False):
        title = refusal_title(refused, record, domain=domain, safeguard=lack.safeguard)
        yield _Trouble(title, (told, reason), lack.safeguard)


def _usage(use_case: UseCase, record: InvocationRecord, *, domain: str, context: Context) -> Usage:
    at = context.time_of(record)
    return Usage(
        id=usage_id(use_case=use_case.id, domain=domain, identity=record.identity),
        use_case=use_case.id,
        domain=domain,
        account=record.account,
        principal=record.principal.arn,
        identity=record.identity,
        request_id=record.request_id,
        at=at,
        object=record.source.object,
        line=record.source.line,
        end_user=record.end_user,
        region=record.region,
        model_id=record.model.id,
        review_due=at + timedelta(hours=use_case.review.within_hours) if use_case.review else None,
    )
