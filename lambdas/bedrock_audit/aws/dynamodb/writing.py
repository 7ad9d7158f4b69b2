"""Writes what a unit gathered into the tables: findings first, then usages, ledger rows last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bedrock_audit.aws.dynamodb.requests import MOST_ATTEMPTS, LostRaceError, Requests, put_once, put_over
from bedrock_audit.aws.dynamodb.usage_writing import UsageWriting
from bedrock_audit.aws.items import finding_item, finding_key, kept_from, occurrence_item, occurrence_key
from bedrock_audit.aws.tables import TableNames
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Occurrence, Usage
from bedrock_audit.record import Value
from bedrock_audit.recording import Arrival, Gathered, Kept, Pending, Stored, Written, asked_anew, joined, outcome

MOST_TOGETHER = 90
"""Arrivals in one transaction: with the finding itself below DynamoDB's 100 items, and at their bounds below 4 MB."""


class Step(Value, frozen=True):
    """A finding before and after one write."""

    before: Kept | None
    after: Kept


class DynamoBacking:
    """The tables as a unit sees them."""

    def __init__(self, requests: Requests, tables: TableNames, *, retention: timedelta | None) -> None:
        self._requests = requests
        self._table = tables.findings
        self._usages = UsageWriting(requests, tables.ledger, retention=retention)
        self._retention = retention

    def kept(self, finding_id: str, /) -> Kept | None:
        item = self._requests.item(self._table, finding_key(finding_id))
        return kept_from(item) if item else None

    def has_occurrence(self, occurrence: Occurrence, /) -> bool:
        return self._requests.item(self._table, occurrence_key(occurrence)) is not None

    def has_usage(self, usage: Usage, /) -> bool:
        return self._usages.has(usage)

    def uses_on(self, use_case: str, day: str, /) -> int:
        return sum(count.uses for count in self._usages.counts(use_case, since=day, until=day))

    def write(self, gathered: Gathered, /) -> Written:
        outcomes = {name: self._settled(pending) for name, pending in gathered.findings.items()}
        usages = self._usages.write(list(gathered.usages.values()))
        for row in gathered.rows.values():
            self._usages.write_row(row)
        return Written(outcomes=outcomes, usages=usages)

    def replace(self, before: Kept | None, after: Kept, *, changed: str, arrivals: Sequence[Arrival] = ()) -> Kept:
        """Write the finding and its new occurrences at once; raises LostRaceError if either has been written since."""
        stored = Kept(finding=after.finding, face=after.face, revision=after.revision + 1)
        item = finding_item(stored, changed=changed, retention=self._retention)
        read = None if before is None else before.revision
        occurrences = [one.observation.occurrence for one in arrivals if one.is_new and one.observation.occurrence]
        items = [occurrence_item(occurrence, retention=self._retention) for occurrence in occurrences]
        self._requests.transact(
            [put_over(self._table, item, "revision", read=read), *(put_once(self._table, one) for one in items)]
        )
        return stored

    def _settled(self, pending: Pending) -> Stored:
        steps: list[Step] = []
        kept = pending.before
        for start in range(0, len(pending.arrivals), MOST_TOGETHER):
            steps.append(self._step(kept, pending.arrivals[start : start + MOST_TOGETHER]))
            kept = steps[-1].after
        before, after = steps[0].before, steps[-1].after
        return outcome(before.finding if before else None, after.finding)

    def _step(self, kept: Kept | None, arrivals: Sequence[Arrival]) -> Step:
        """Join the arrivals to the finding, anew each time somebody else has written it in between."""
        finding_id = arrivals[0].observation.finding.id
        for attempt in range(MOST_ATTEMPTS):
            after = joined(kept, arrivals)
            assert after is not None, "there is at least one arrival"
            if after == kept:
                return Step(before=kept, after=after)
            changed = outcome(kept.finding if kept else None, after.finding)
            try:
                return Step(before=kept, after=self.replace(kept, after, changed=changed, arrivals=arrivals))
            except LostRaceError:
                self._requests.pause(attempt)
                kept, arrivals = self.kept(finding_id), asked_anew(arrivals, self)
        raise BedrockAuditError(f"{finding_id} is too busy: other writers kept getting in between; try again")
