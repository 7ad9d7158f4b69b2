"""Findings and occurrences as items of the findings table, and back; also reads the images of the table's stream.

The `document` attribute is the whole value as JSON; the attributes beside it are what indexes, filters and stream
subscribers go by. `changed` says what the write was about: a word of `Stored`, or LIFE for a step by a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from bedrock_audit.aws.tables import EXPIRES, PARTITION, SORT, Key, sharded
from bedrock_audit.finding import Finding, Occurrence, Status
from bedrock_audit.recording import Kept, Stored, stamp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Item = dict[str, AttributeValueTypeDef]

FINDING = "finding"
OCCURRENCE = "occurrence"
LIFE = "life"
UNFINISHED = frozenset({Status.OPEN, Status.ACKNOWLEDGED})

_finding = msgspec.json.Decoder(Finding)
_occurrence = msgspec.json.Decoder(Occurrence)


def text(value: str) -> AttributeValueTypeDef:
    """A string attribute."""
    return {"S": value}


def number(value: int) -> AttributeValueTypeDef:
    """A number attribute."""
    return {"N": str(value)}


def document(value: msgspec.Struct) -> AttributeValueTypeDef:
    """A value as JSON in a string attribute."""
    return text(msgspec.json.encode(value).decode())


def finding_key(finding_id: str) -> Key:
    """Where a finding stands."""
    return Key(partition=finding_id, sort=FINDING)


def occurrence_key(occurrence: Occurrence) -> Key:
    """Where an occurrence stands: under its own id, so that those of a busy finding spread over the table."""
    return Key(partition=occurrence.id, sort=OCCURRENCE)


def finding_item(kept: Kept, *, changed: Stored | str, retention: timedelta | None = None) -> Item:
    """The item of a finding; it expires `retention` after it was last seen or closed, and never while it is open."""
    finding = kept.finding
    item: Item = {
        **key_item(finding_key(finding.id)),
        "kind": text(FINDING),
        "changed": text(changed),
        "revision": number(kept.revision),
        "face": text(kept.face),
        "document": document(finding),
        "last_seen": text(stamp(finding.last_seen)),
        "occurrences": number(finding.occurrences),
        "severity": text(finding.severity),
        "rank": number(finding.severity.rank),
        "status": text(finding.status),
        "verdict": text(finding.verdict),
        "clause": text(finding.clause),
        "account": text(finding.account),
        "principal": text(finding.principal),
        "origin": text(finding.origin),
        "is_quiet": {"BOOL": finding.shadow or finding.suppressed_by is not None},
        **_index_keys(finding),
    }
    if finding.use_case is not None:
        item["use_case"] = text(finding.use_case)
    if retention is not None and finding.status not in UNFINISHED:
        closed = max(finding.last_seen, *(change.at for change in finding.history))
        item |= expiring(closed, retention)
    return item


def kept_from(item: Mapping[str, Any]) -> Kept:
    """The finding of an item, with what the store needs to go on from it."""
    return Kept(finding=finding_from(item), face=item["face"]["S"], revision=int(item["revision"]["N"]))


def finding_from(item: Mapping[str, Any]) -> Finding:
    """The finding of an item or a stream image."""
    return _finding.decode(item["document"]["S"])


def occurrence_item(occurrence: Occurrence, *, retention: timedelta | None = None) -> Item:
    """The item of an occurrence, listed by its finding and time."""
    return {
        **key_item(occurrence_key(occurrence)),
        "kind": text(OCCURRENCE),
        "document": document(occurrence),
        "by_finding": text(sharded(occurrence.finding_id, occurrence.id)),
        "seen": text(f"{stamp(occurrence.at)}#{occurrence.id}"),
        **expiring(occurrence.at, retention),
    }


def occurrence_from(item: Mapping[str, Any]) -> Occurrence:
    """The occurrence of an item."""
    return _occurrence.decode(item["document"]["S"])


def expiring(since: datetime, retention: timedelta | None) -> Item:
    """The time-to-live attribute of what may vanish `retention` after `since`; none without a retention."""
    return {EXPIRES: expiry(since, retention)} if retention is not None else {}


def expiry(since: datetime, retention: timedelta) -> AttributeValueTypeDef:
    """The value of the time-to-live attribute: whole seconds since 1970."""
    return number(int((since + retention).timestamp()))


def key_item(key: Key) -> Item:
    """A key as attributes."""
    return {PARTITION: text(key.partition), SORT: text(key.sort)}


def _index_keys(finding: Finding) -> Item:
    values = {
        "by_status": finding.status,
        "by_clause": finding.clause,
        "by_principal": finding.principal,
        "by_use_case": finding.use_case,
    }
    keys = {name: text(sharded(value, finding.id)) for name, value in values.items() if value is not None}
    return {**keys, "seen": text(f"{stamp(finding.last_seen)}#{finding.id}")}
