"""Writes a finding as the JSON that scripts, alerts and exports rely on; nothing else may print one another way."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bedrock_audit.finding import Evidence, Finding, Occurrence

Json = dict[str, Any]


def finding_json(finding: Finding) -> Json:
    """The finding with the field names of the contract; optional fields are left out when they are empty."""
    return {
        "id": finding.id,
        "verdict": finding.verdict,
        "clause": finding.clause,
        **_given(domain=finding.domain),
        "title": finding.title,
        "severity": finding.severity,
        "disposition": finding.disposition,
        "status": finding.status,
        "account": finding.account,
        "region": finding.region,
        "principal": finding.principal,
        "attribution": finding.attribution,
        **_given(use_case=finding.use_case, end_user=finding.end_user, language=finding.language),
        "model_id": finding.model_id,
        "first_seen": iso(finding.first_seen),
        "last_seen": iso(finding.last_seen),
        "occurrences": finding.occurrences,
        "seen_in_history": finding.seen_in_history,
        "explanation": finding.explanation,
        "evidence": _evidence_json(finding.evidence),
        "policy_version": finding.policy_version,
        "engine_version": finding.engine_version,
        "detector": finding.detector,
        "score": round(finding.score, 3),
        "origin": finding.origin,
        "shadow": finding.shadow,
        **_given(suppressed_by=finding.suppressed_by),
        "version": finding.version,
        "history": [
            {"at": iso(change.at), "actor": change.actor, "status": change.status, "reason": change.reason}
            for change in finding.history
        ],
    }


def occurrence_json(occurrence: Occurrence) -> Json:
    """One occurrence of a finding."""
    return {
        "id": occurrence.id,
        "request_id": occurrence.request_id,
        "at": iso(occurrence.at),
        "object": occurrence.object,
        "line": occurrence.line,
        "model_id": occurrence.model_id,
        "disposition": occurrence.disposition,
        **_given(session=occurrence.session, end_user=occurrence.end_user, suppressed_by=occurrence.suppressed_by),
    }


def iso(time: datetime) -> str:
    """ISO 8601 in UTC with a Z, whole seconds."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _evidence_json(evidence: Evidence) -> Json:
    return {
        "object": evidence.object,
        "line": evidence.line,
        "request_id": evidence.request_id,
        "location": evidence.location,
        "spans": [{"location": span.location, "start": span.start, "end": span.end} for span in evidence.spans],
        **_given(excerpt=evidence.excerpt, text_hash=evidence.text_hash),
    }


def _given(**facts: str | None) -> Json:
    return {name: fact for name, fact in facts.items() if fact}
