"""Takes in one queued log object: skips what is audited, goes on where it stopped, says what had to be given up.

Queues deliver twice, out of order and sometimes what cannot be audited at all; the ledger knows what has been done.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from bedrock_audit import __version__, gaps
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Finding, Origin, Status, coverage_id
from bedrock_audit.lifecycle import Transition
from bedrock_audit.pipeline import Engine, Told, audit_object, in_force, judge, store
from bedrock_audit.ports import LogObject, LogObjects
from bedrock_audit.record import Source, Unreadable
from bedrock_audit.tally import Tally, is_audited

GIVEN_UP = "not-audited"
UNREAD = "not-opened"
ACTOR = "bedrock-audit"


def taken_in(
    log: LogObject, *, engine: Engine, objects: LogObjects, origin: Origin, out_of_time: Callable[[], bool]
) -> LedgerRow:
    """Audit the object from where the ledger says it stopped; nothing is read if it is audited already.

    The row's `next_line` says where to go on if time ran out.
    """
    row = engine.stores.ledger.row(log.name)
    policy_version = engine.detector.policy.version
    if row and is_audited(row, log=log, policy_version=policy_version, engine_version=__version__):
        return row
    with objects.opened(log.name) as stream:
        return audit_object(
            log,
            stream,
            engine=msgspec.structs.replace(engine, origin=origin),
            first_line=_first_line(row, log=log, policy_version=policy_version),
            out_of_time=out_of_time,
        )


def is_done(log: LogObject, *, engine: Engine) -> bool:
    """Whether this very content has been audited to its end already, by this engine and policy."""
    row = engine.stores.ledger.row(log.name)
    return is_audited(row, log=log, policy_version=engine.detector.policy.version, engine_version=__version__)


def given_up(log: LogObject, *, engine: Engine, delivery: str) -> str:
    """Keep a finding that the object could not be audited; returns its id.

    `delivery` is the same however often the giving up is told, and another one if it is given up again later.
    """
    row = engine.stores.ledger.row(log.name)
    line = row.next_line if row and row.next_line else 1
    detail = f"Every attempt to audit it failed, so its records from line {line} on have not been judged."
    unseen = Unreadable(source=Source(object=log.name, line=line), reason=GIVEN_UP, detail=detail, identity=delivery)
    for observation in gaps.unreadable(unseen, in_force(engine)):
        engine.stores.findings.record(observation)
    return coverage_id(reason=GIVEN_UP, where=log.name)


def unread(log: LogObject, *, detail: str, engine: Engine, told: Told) -> LedgerRow:
    """Keep a finding that the object is there and could not be read at all."""
    context = in_force(engine, written_at=log.modified)
    tally = Tally(log, before=None)
    unseen = Unreadable(source=Source(object=log.name, line=1), reason=UNREAD, detail=detail)
    with engine.stores.findings.unit():
        for outcome in judge(unseen, engine.detector, context=context, tally=tally):
            store(outcome, engine.stores, told=told)
        row = tally.row(context)
        engine.stores.ledger.save(row)
    return row


def recovered(log: LogObject, *, engine: Engine, reason: str = GIVEN_UP) -> Finding | None:
    """Close the finding of an object that was given up, or could not be read, and has been audited after all."""
    findings = engine.stores.findings
    finding = findings.get(coverage_id(reason=reason, where=log.name))
    if finding is None or finding.status is not Status.OPEN:
        return None
    audited = Transition(to=Status.RESOLVED, actor=ACTOR, at=engine.clock(), reason="the object has been audited now")
    return findings.change(finding.id, audited, expected_version=finding.version)


def _first_line(row: LedgerRow | None, *, log: LogObject, policy_version: str) -> int:
    """Where an unfinished audit of this very content by this engine and policy stopped."""
    if row is None or row.next_line is None:
        return 1
    same = (row.etag, row.policy_version, row.engine_version) == (log.etag, policy_version, __version__)
    return row.next_line if same else 1
