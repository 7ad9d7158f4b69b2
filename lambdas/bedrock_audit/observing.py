"""Puts a matter seen in a record into the form a store keeps: a finding, its occurrence, and what silences it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from bedrock_audit.context import Context
from bedrock_audit.finding import Attribution, Evidence, Finding, Observation, Occurrence, occurrence_id
from bedrock_audit.lifecycle import suppressing
from bedrock_audit.record import InvocationRecord, PrincipalKind

MOST_SENTENCES = 12


def finding_about(
    record: InvocationRecord, context: Context, *, explanation: tuple[str, ...], **matter: Any
) -> Finding:
    """A finding with what the record says of where, when and who; `matter` holds the other fields, or better ones."""
    at = context.time_of(record)
    plain: dict[str, Any] = {
        "account": record.account,
        "region": record.region,
        "principal": record.principal.arn,
        "attribution": _attribution(record),
        "first_seen": at,
        "last_seen": at,
        "evidence": evidence_in(record),
        "model_id": record.model.id,
        "end_user": record.end_user,
        "detector": "engine",
        "score": 1.0,
    }
    return stamped(context, explanation=explanation[:MOST_SENTENCES], **{**plain, **matter})


def stamped(context: Context, **fields: Any) -> Finding:
    """A finding that says by which policy and engine, and in which kind of run, it was made."""
    return Finding(
        policy_version=context.policy_version,
        engine_version=context.engine_version,
        origin=context.origin,
        **fields,
    )


def evidence_in(record: InvocationRecord, **more: Any) -> Evidence:
    """A pointer to the record."""
    return Evidence(object=record.source.object, line=record.source.line, request_id=record.request_id, **more)


def observed(finding: Finding, record: InvocationRecord, context: Context) -> Observation:
    """The finding with this record as an occurrence."""
    return occurring(
        finding, context, identity=record.identity, at=context.time_of(record), session=record.principal.session
    )


def occurring(finding: Finding, context: Context, *, identity: str, at: datetime, session: str = "") -> Observation:
    """The finding with an occurrence at that time, which its evidence points to; one per identity, ever."""
    occurrence = Occurrence(
        id=occurrence_id(finding_id=finding.id, identity=identity),
        finding_id=finding.id,
        identity=identity,
        request_id=finding.evidence.request_id,
        at=at,
        object=finding.evidence.object,
        line=finding.evidence.line,
        model_id=finding.model_id,
        session=session,
        end_user=finding.end_user,
        disposition=finding.disposition,
    )
    return _silenced(Observation(finding, occurrence), context, at=at)


def remembered(finding: Finding, record: InvocationRecord, context: Context) -> Observation:
    """The finding as history that the record sends along shows it: nothing occurs that has not occurred before."""
    told = msgspec.structs.replace(finding, seen_in_history=True)
    return _silenced(Observation(told, None), context, at=context.time_of(record))


def _silenced(observation: Observation, context: Context, *, at: datetime) -> Observation:
    """The observation, marked with the suppression that holds at that time, if one does; it is kept all the same."""
    suppression = suppressing(observation.finding, context.suppressions, at)
    if suppression is None:
        return observation
    occurrence = observation.occurrence
    return Observation(
        msgspec.structs.replace(observation.finding, suppressed_by=suppression.id),
        msgspec.structs.replace(occurrence, suppressed_by=suppression.id) if occurrence else None,
    )


def _attribution(record: InvocationRecord) -> Attribution:
    is_known = record.principal.kind is not PrincipalKind.UNKNOWN
    return Attribution.VERIFIED if is_known else Attribution.DECLARED
