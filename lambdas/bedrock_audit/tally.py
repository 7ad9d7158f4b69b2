"""Counts what was read of one log object and what was not, so that coverage adds up to the last record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from bedrock_audit.coverage import Coverage, LedgerRow
from bedrock_audit.decide import Context
from bedrock_audit.exchanges import Exchange, ExchangeKind
from bedrock_audit.ports import LogObject
from bedrock_audit.record import Body, BodyState, InvocationRecord, Part, Skipped, Unreadable

READ = frozenset({BodyState.PRESENT, BodyState.OFFLOADED})
NOTHING_TO_READ = READ | {BodyState.FAILED_CALL, BodyState.NO_TEXT}


def is_audited(row: LedgerRow | None, *, log: LogObject, policy_version: str, engine_version: str) -> bool:
    """Whether this very content has been audited to its end by this engine and policy."""
    return (
        row is not None
        and row.next_line is None
        and (row.etag, row.policy_version, row.engine_version) == (log.etag, policy_version, engine_version)
    )


class Tally:
    """The running counts of one object; becomes its ledger row."""

    def __init__(self, log: LogObject, *, before: LedgerRow | None) -> None:
        self._log = log
        self._before = before
        self._counts: Counter[str] = Counter()
        self._gaps: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._times: list[datetime] = [time for time in (before.first, before.last) if time] if before else []
        self._owner = (before.account, before.region) if before else ("", "")
        self._next_line: int | None = None

    @classmethod
    def resumed(cls, row: LedgerRow | None, *, log: LogObject, first_line: int) -> Tally:
        """A tally that goes on from the row if the row stopped at this very line of this very content."""
        goes_on = row is not None and first_line > 1 and (row.etag, row.next_line) == (log.etag, first_line)
        return cls(log, before=row if goes_on else None)

    def count(self, item: InvocationRecord | Unreadable | Skipped) -> None:
        """Count one item of the object."""
        if isinstance(item, Skipped):
            self._counts["skipped"] += 1
        elif isinstance(item, Unreadable):
            self._counts.update(("records", "unreadable"))
            self._gaps[item.reason] += 1
        else:
            self._count_record(item)

    def count_exchange(self, exchange: Exchange, *, language: Callable[[Part], str]) -> None:
        """Count an exchange that this record adds, and the languages its parts are in."""
        if exchange.is_new and exchange.kind is ExchangeKind.TURN:
            self._counts["exchanges"] += 1
            self._languages.update(language(part) for part in (*exchange.asked, *exchange.answered))

    def stop_before(self, line: int) -> None:
        """The rest of the object, from `line` on, is left for another run."""
        self._next_line = line

    def row(self, context: Context) -> LedgerRow:
        """The object's ledger row as things stand."""
        account, region = self._owner
        return LedgerRow(
            key=self._log.name,
            etag=self._log.etag,
            engine_version=context.engine_version,
            policy_version=context.policy_version,
            audited_at=context.now,
            coverage=self._coverage(),
            account=account,
            region=region,
            first=min(self._times, default=None),
            last=max(self._times, default=None),
            next_line=self._next_line,
        )

    def _count_record(self, record: InvocationRecord) -> None:
        bodies = (record.input, record.output)
        seen = any(body.state in READ for body in bodies) or all(body.state in NOTHING_TO_READ for body in bodies)
        self._counts.update(("records", "audited" if seen else "unscanned"))
        self._counts["parts"] += len(record.parts)
        self._counts["media_unread"] += sum(not item.text_was_read for item in record.media)
        self._gaps.update(_gap(body) for body in bodies if body.state not in NOTHING_TO_READ)
        if any(body.unknown_strings for body in bodies):
            self._unknown[record.model.id] += 1
        self._owner = (record.account, record.region)
        if record.timestamp:
            self._times = [min([*self._times, record.timestamp]), max([*self._times, record.timestamp])]

    def _coverage(self) -> Coverage:
        counted = Coverage(
            objects=0 if self._before else 1,
            gaps=dict(sorted(self._gaps.items())),
            unknown_shapes=dict(sorted(self._unknown.items())),
            languages=dict(sorted(self._languages.items())),
            **self._counts,
        )
        return self._before.coverage + counted if self._before else counted


def _gap(body: Body) -> str:
    return f"{body.state}:{body.reason}" if body.reason else str(body.state)
