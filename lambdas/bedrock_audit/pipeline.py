"""The route of a log object, on one screen: decode → normalise → exchanges → detect → decide → store.

Expected trouble (a bad line, a missing body) is a value that becomes a finding of its own; it never ends the object and
is never dropped. Everything stored is idempotent, so an object may be audited again at any time, from any line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from bedrock_audit import __version__, gaps
from bedrock_audit.coverage import LedgerRow
from bedrock_audit.decide import Context, UsedOn, beyond_limit, decide, overdue
from bedrock_audit.decode import RawEntry, decode
from bedrock_audit.detect import Detector
from bedrock_audit.exchanges import exchanges
from bedrock_audit.finding import Finding, Observation, Origin, Usage
from bedrock_audit.normalise import normalise
from bedrock_audit.normalise.bodies import Bodies
from bedrock_audit.ports import LogObject, Stored, Stores
from bedrock_audit.record import InvocationRecord, Skipped, Unreadable, Value
from bedrock_audit.tally import Tally, is_audited

Item = InvocationRecord | Unreadable | Skipped
REVIEWS_LOOKED_BACK = timedelta(days=90)
Told = Callable[[Finding, Stored], None]
"""Hears of each finding as it is stored (the command line does; the deployed pipeline listens to its table instead)."""


class Period(Value, frozen=True):
    """The times of records that are wanted, `since` included, `until` not; None is open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, time: datetime | None) -> bool:
        """Whether the time is wanted; a record without a readable time always is."""
        if time is None:
            return True
        return (self.since is None or time >= self.since) and (self.until is None or time < self.until)


class Engine(Value, frozen=True):
    """What the route works with, wired once per process."""

    detector: Detector
    stores: Stores
    bodies: Bodies
    clock: Callable[[], datetime]
    origin: Origin = Origin.LIVE
    period: Period = Period()


def audit_object(
    log: LogObject,
    stream: BinaryIO,
    *,
    engine: Engine,
    first_line: int = 1,
    out_of_time: Callable[[], bool] = lambda: False,
    told: Told = lambda _finding, _stored: None,
) -> LedgerRow:
    """Audit one log object from `first_line` on and note in the ledger what was read.

    Stops before the next entry once `out_of_time()` holds; the row's `next_line` then says where to go on. An audit of
    a period alone takes nothing from what the ledger knows of the whole object.
    """
    context = in_force(engine, written_at=log.modified)
    before = engine.stores.ledger.row(log.name)
    tally = Tally.resumed(before, log=log, first_line=first_line)
    used: set[UsedOn] = set()
    with engine.stores.findings.unit():
        for entry in decode(stream, log.name, first_line=first_line):
            if out_of_time():
                tally.stop_before(entry.source.line)
                break
            for item in read(entry, engine):
                for outcome in judge(item, engine.detector, context=context, tally=tally):
                    store(outcome, engine.stores, told=told)
                    if isinstance(outcome, Usage):
                        used.add(UsedOn(outcome.use_case, outcome.day))
        for observation in beyond_limit(sorted(used), context=context):
            store(observation, engine.stores, told=told)
        row = tally.row(context)
        if engine.period == Period() or not is_audited(
            before, log=log, policy_version=row.policy_version, engine_version=row.engine_version
        ):
            engine.stores.ledger.save(row)
    return row


def note_overdue(
    engine: Engine,
    *,
    look_back: timedelta = REVIEWS_LOOKED_BACK,
    told: Told = lambda _finding, _stored: None,
) -> None:
    """Make findings of permitted uses that nobody reviewed in time; for after an audit, or every so often."""
    context = in_force(engine)
    late = list(unreviewed(engine.stores, now=context.now, look_back=look_back))
    with engine.stores.findings.unit():
        for observation in overdue(late, context=context):
            store(observation, engine.stores, told=told)


def unreviewed(stores: Stores, *, now: datetime, look_back: timedelta) -> Iterator[Usage]:
    """Permitted uses whose review was due within the time looked back and did not come in time."""
    return stores.reviews.missed(now=now, since=now - look_back)


def read(entry: RawEntry | Unreadable | Skipped, engine: Engine) -> Iterator[Item]:
    """The records of an entry that fall into the period; what decoding could not read passes through."""
    for item in normalise(entry, engine.bodies) if isinstance(entry, RawEntry) else (entry,):
        if isinstance(item, InvocationRecord) and not engine.period.holds(item.timestamp):
            yield Skipped(source=item.source, reason="outside-period")
        else:
            yield item


def judge(item: Item, detector: Detector, *, context: Context, tally: Tally) -> Iterator[Observation | Usage]:
    """What is to be said about one item of a log."""
    tally.count(item)
    if isinstance(item, Unreadable):
        yield from gaps.unreadable(item, context)
    elif isinstance(item, InvocationRecord):
        yield from gaps.gaps(item, context)
        for exchange in exchanges(item):
            tally.count_exchange(exchange, language=detector.language)
            matches = detector.matches(exchange, item)
            if matches:
                yield from decide(item, exchange, matches, context)


def store(outcome: Observation | Usage, stores: Stores, *, told: Told) -> None:
    """Keep what was decided; keeping it twice changes nothing."""
    if isinstance(outcome, Usage):
        stores.ledger.record_usage(outcome)
    else:
        told(outcome.finding, stores.findings.record(outcome))


def in_force(engine: Engine, *, written_at: datetime | None = None) -> Context:
    """The registry, suppressions and policy that hold while one object is audited."""
    return Context(
        registry=engine.stores.use_cases.registry(),
        suppressions=tuple(engine.stores.suppressions.all()),
        policy_version=engine.detector.policy.version,
        engine_version=__version__,
        now=engine.clock(),
        origin=engine.origin,
        uses_on=engine.stores.ledger.uses_on,
        written_at=written_at,
    )
