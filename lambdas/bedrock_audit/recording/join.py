"""What an observation makes of a stored finding; knows nothing of where findings are stored.

Every store keeps findings by this one function, so that redelivery, replay and any order of arrival end in the same
finding: what is kept is a join over the set of observations (earliest, latest, worst, least identity), never over
their sequence. Where a finding has an occurrence, only occurrences speak; what is merely seen in sent-along history
counts until then, because clients rewrite and trim the answers they send back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from bedrock_audit.errors import BedrockAuditError, ConflictError
from bedrock_audit.finding import Change, Disposition, Finding, Observation, Occurrence, Origin, Severity, Status
from bedrock_audit.lifecycle import REOPENED_BY_OCCURRENCE, Transition, moved
from bedrock_audit.record import Value
from bedrock_audit.recording.bounds import bounded_history

REOPENING_ACTOR = "bedrock-audit"
UNDERWAY = timedelta(hours=1)
"""How long a call may take from Bedrock into a finding; deliveries of minutes are usual."""
_BADNESS = {Disposition.BLOCKED: 0, Disposition.REFUSED: 1, Disposition.UNKNOWN: 2, Disposition.COMPLIED: 3}
_NEVER = datetime.min.replace(tzinfo=UTC)


class Stored(StrEnum):
    """What storing an observation changed."""

    NEW = "new"
    REOPENED = "reopened"
    RAISED = "raised"
    COUNTED = "counted"
    SEEN = "seen"


class Kept(Value, frozen=True):
    """A finding as a store keeps it.

    `face` orders observations by which of them the finding shows as its evidence: the least one. `revision` counts the
    writes, 0 before the first; it moves whenever an occurrence is stored, so that nothing written meanwhile is lost.
    """

    finding: Finding
    face: str
    revision: int = 0


def recorded(kept: Kept | None, observation: Observation, *, is_new: bool) -> Kept:
    """The finding after the observation; `is_new` says whether its occurrence was not yet stored."""
    arrived = _arrived(observation)
    if kept is None:
        return _counted(arrived, observation, is_new=is_new)
    has_occurrence = observation.occurrence is not None
    if not has_occurrence and kept.finding.occurrences:
        return kept
    if has_occurrence and not kept.finding.occurrences:
        joined = msgspec.structs.replace(arrived, finding=_with_life(arrived.finding, kept.finding))
    else:
        joined = _joined(kept, arrived)
    joined = msgspec.structs.replace(joined, revision=kept.revision)
    return _counted(joined, observation, is_new=is_new)


def decided(kept: Kept | None, transition: Transition, *, finding_id: str, expected_version: int) -> Kept:
    """The finding after a person's step; raises ConflictError if somebody else has taken one since that version."""
    if kept is None:
        raise BedrockAuditError(f"there is no finding {finding_id}")
    if kept.finding.version != expected_version:
        raise ConflictError(f"{finding_id} was changed by somebody else; look at it again")
    return msgspec.structs.replace(kept, finding=bounded_history(moved(kept.finding, transition)))


def stamp(time: datetime) -> str:
    """A time as text of one width, which sorts as times follow."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def outcome(before: Finding | None, after: Finding) -> Stored:
    """What changed between two states of a finding; alerts follow from the same two states."""
    if before is None:
        return Stored.NEW
    if before.status in REOPENED_BY_OCCURRENCE and after.status is Status.OPEN:
        return Stored.REOPENED
    if after.severity.rank > before.severity.rank:
        return Stored.RAISED
    return Stored.COUNTED if after.occurrences > before.occurrences else Stored.SEEN


def _arrived(observation: Observation) -> Kept:
    """The observation alone, as if it were the first."""
    fresh = msgspec.structs.replace(observation.finding, status=Status.OPEN, occurrences=0, version=0, history=())
    occurrence = observation.occurrence
    if occurrence is None:
        return Kept(finding=fresh, face=_face(fresh.first_seen, f"{fresh.evidence.object}:{fresh.evidence.line}"))
    timed = msgspec.structs.replace(fresh, first_seen=occurrence.at, last_seen=occurrence.at, seen_in_history=False)
    return Kept(finding=timed, face=_face(occurrence.at, occurrence.identity))


def _face(at: datetime, identity: str) -> str:
    return f"{stamp(at)}|{identity}"


def _with_life(finding: Finding, lived: Finding) -> Finding:
    return msgspec.structs.replace(finding, status=lived.status, version=lived.version, history=lived.history)


def _joined(kept: Kept, arrived: Kept) -> Kept:
    one, other = kept.finding, arrived.finding
    worst = max(one, other, key=_badness)
    finding = msgspec.structs.replace(
        _with_life(_shown(kept, arrived), one),
        first_seen=min(one.first_seen, other.first_seen),
        last_seen=max(one.last_seen, other.last_seen),
        severity=worst.severity,
        disposition=worst.disposition,
        seen_in_history=one.seen_in_history and other.seen_in_history,
        shadow=one.shadow and other.shadow,
        suppressed_by=_silence(one.suppressed_by, other.suppressed_by),
        origin=Origin.LIVE if Origin.LIVE in (one.origin, other.origin) else Origin.BACKFILL,
        occurrences=one.occurrences,
    )
    return Kept(finding=finding, face=min(kept.face, arrived.face))


def _badness(finding: Finding) -> tuple[int, int]:
    return finding.severity.rank, _BADNESS[finding.disposition]


def _silence(one: str | None, other: str | None) -> str | None:
    """Silent only while every observation is."""
    return None if one is None or other is None else min(one, other)


def _shown(kept: Kept, arrived: Kept) -> Finding:
    """The earlier of two; two audits of one record (another engine or policy version) are told apart by content."""
    if kept.face == arrived.face:
        return min(kept.finding, arrived.finding, key=_content)
    return kept.finding if kept.face < arrived.face else arrived.finding


def _content(finding: Finding) -> bytes:
    """What a finding shows, without all that is joined."""
    return msgspec.json.encode(
        msgspec.structs.replace(
            finding,
            first_seen=_NEVER,
            last_seen=_NEVER,
            severity=Severity.INFO,
            disposition=Disposition.UNKNOWN,
            seen_in_history=False,
            shadow=False,
            suppressed_by=None,
            origin=Origin.LIVE,
            status=Status.OPEN,
            occurrences=0,
            version=0,
            history=(),
        )
    )


def _counted(kept: Kept, observation: Observation, *, is_new: bool) -> Kept:
    occurrence = observation.occurrence
    if occurrence is None or not is_new:
        return kept
    finding = msgspec.structs.replace(kept.finding, occurrences=kept.finding.occurrences + 1)
    is_quiet = observation.finding.shadow or occurrence.suppressed_by is not None
    return msgspec.structs.replace(kept, finding=finding if is_quiet else _reopened(finding, occurrence))


def _reopened(finding: Finding, occurrence: Occurrence) -> Finding:
    """Open again if the resolution does not answer for the occurrence.

    Of several such occurrences the earliest is named, whichever is stored first.
    """
    if not finding.history:
        return finding
    *before, last = finding.history
    change = Change(
        at=occurrence.at,
        actor=REOPENING_ACTOR,
        status=Status.OPEN,
        reason=f"came up again in request {occurrence.request_id or occurrence.identity}",
    )
    if finding.status in REOPENED_BY_OCCURRENCE and _is_news(occurrence, last):
        history = (*finding.history, change)
        return bounded_history(
            msgspec.structs.replace(finding, status=Status.OPEN, history=history, version=finding.version + 1)
        )
    if _was_reopened(finding) and _is_news(occurrence, before[-1]) and _order(change) < _order(last):
        return msgspec.structs.replace(finding, history=(*before, change))
    return finding


def _is_news(occurrence: Occurrence, resolution: Change) -> bool:
    """Whether it happened after the resolution, or before it and unknown to whoever resolved, unless it was on its way.

    Logs come late: what happened before somebody mended the matter is no relapse, but only what the last occurrence
    they knew of and Bedrock's delivery explain. Both times are what their clocks said; a clock that is wrong moves the
    boundary by its error.
    """
    if occurrence.at > resolution.at:
        return True
    known = resolution.seen_until
    return known is not None and known <= occurrence.at <= resolution.at - UNDERWAY


def _was_reopened(finding: Finding) -> bool:
    *before, last = finding.history
    return last.actor == REOPENING_ACTOR and bool(before) and before[-1].status in REOPENED_BY_OCCURRENCE


def _order(change: Change) -> tuple[datetime, str]:
    return change.at, change.reason
