"""Gathers what is recorded into few large writes; knows neither SQL nor tables.

Everything gathered is predicted from what the store held when it was asked. The store checks the prediction when it
writes (`Kept.revision`) and joins anew what somebody else has touched meanwhile, so the write is right in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from bedrock_audit.coverage import LedgerRow
from bedrock_audit.finding import Observation, Occurrence, Usage
from bedrock_audit.record import Value
from bedrock_audit.recording.bounds import bounded
from bedrock_audit.recording.join import Kept, Stored, outcome, recorded


class Arrival(Value, frozen=True):
    """An observation, and whether its occurrence is one the store does not have yet."""

    observation: Observation
    is_new: bool


@dataclass
class Pending:
    """What arrived for one finding: as it was read, as it will be, and by what."""

    before: Kept | None
    after: Kept
    arrivals: list[Arrival]


@dataclass
class Gathered:
    """Everything not yet written, by id, in the order of arrival."""

    findings: dict[str, Pending] = field(default_factory=dict)
    occurrences: set[str] = field(default_factory=set)
    usages: dict[str, Usage] = field(default_factory=dict)
    rows: dict[str, LedgerRow] = field(default_factory=dict)
    size: int = 0


class Written(Value, frozen=True):
    """What a write came to: the outcome per finding, and the usages that were not stored before."""

    outcomes: Mapping[str, Stored]
    usages: frozenset[str]


class Backing(Protocol):
    """A store as a unit sees it."""

    def kept(self, finding_id: str, /) -> Kept | None:
        """The finding as stored."""

    def has_occurrence(self, occurrence: Occurrence, /) -> bool:
        """Whether it is stored."""

    def has_usage(self, usage: Usage, /) -> bool:
        """Whether it is stored."""

    def uses_on(self, use_case: str, day: str, /) -> int:
        """Stored usages of one use case on one day: no write that is done may be missing."""

    def write(self, gathered: Gathered, /) -> Written:
        """Store everything, ledger rows last: a row says that its object is done."""


class Unit:
    """What one store session has recorded and not yet written; outside a block everything is written at once.

    `most` is how much is gathered before it is written even within a block.
    """

    def __init__(self, backing: Backing, *, most: int) -> None:
        self._backing = backing
        self._most = most
        self._gathered = Gathered()
        self._is_open = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Gather until the end of the block; a block within a block joins it."""
        if self._is_open:
            yield
            return
        self._is_open = True
        try:
            yield
            self.flush()
        finally:
            self._gathered, self._is_open = Gathered(), False

    def flush(self) -> Written:
        """Write what was gathered so far."""
        gathered, self._gathered = self._gathered, Gathered()
        return self._backing.write(gathered)

    def record(self, observation: Observation) -> Stored:
        """What the observation changes, as things stand."""
        observation = bounded(observation)
        stored = self._gather(observation)
        return stored if self._stays_open() else self.flush().outcomes[observation.finding.id]

    def use(self, usage: Usage) -> bool:
        """Whether the usage is new, as things stand."""
        usage = bounded(usage)
        if usage.id in self._gathered.usages or self._backing.has_usage(usage):
            return False
        self._gathered.usages[usage.id] = usage
        self._gathered.size += 1
        return self._stays_open() or usage.id in self.flush().usages

    def uses_on(self, use_case: str, day: str) -> int:
        """Usages of the day, whoever recorded them; what was gathered here is written first.

        So whoever writes last counts those of everybody.
        """
        self.flush()
        return self._backing.uses_on(use_case, day)

    def note(self, row: LedgerRow) -> None:
        """The row is written with what was recorded before it."""
        row = bounded(row)
        self._gathered.rows[row.key] = row
        self._gathered.size += 1
        if not self._stays_open():
            self.flush()

    def _stays_open(self) -> bool:
        if self._is_open and self._gathered.size >= self._most:
            self.flush()
        return self._is_open

    def _gather(self, observation: Observation) -> Stored:
        pending = self._gathered.findings.get(observation.finding.id)
        before = pending.after if pending else self._backing.kept(observation.finding.id)
        is_new = self._is_new(observation.occurrence, before)
        after = recorded(before, observation, is_new=is_new)
        if pending is None:
            pending = self._gathered.findings[observation.finding.id] = Pending(before, after, [])
        pending.after = after
        pending.arrivals.append(Arrival(observation=observation, is_new=is_new))
        self._gathered.size += 1
        return outcome(before.finding if before else None, after.finding)

    def _is_new(self, occurrence: Occurrence | None, kept: Kept | None) -> bool:
        """A finding that is not stored has no stored occurrence: no need to ask."""
        if occurrence is None or occurrence.id in self._gathered.occurrences:
            return False
        self._gathered.occurrences.add(occurrence.id)
        return kept is None or kept.revision == 0 or not self._backing.has_occurrence(occurrence)


def joined(kept: Kept | None, arrivals: Iterable[Arrival]) -> Kept | None:
    """The finding after all arrivals."""
    for arrival in arrivals:
        kept = recorded(kept, arrival.observation, is_new=arrival.is_new)
    return kept


def asked_anew(arrivals: Iterable[Arrival], backing: Backing) -> list[Arrival]:
    """The arrivals with what the store knows by now."""
    anew: list[Arrival] = []
    seen: set[str] = set()
    for arrival in arrivals:
        occurrence = arrival.observation.occurrence
        is_new = occurrence is not None and occurrence.id not in seen and not backing.has_occurrence(occurrence)
        anew.append(Arrival(observation=arrival.observation, is_new=is_new))
        if occurrence is not None:
            seen.add(occurrence.id)
    return anew
