"""The ports in memory, for tests of everything that works on them: `FakeStores()` and its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from itertools import islice

import msgspec

from bedrock_audit.coverage import LedgerRow
from bedrock_audit.errors import ConflictError
from bedrock_audit.finding import Finding, Observation, Occurrence, Usage
from bedrock_audit.lifecycle import Suppression, Transition
from bedrock_audit.ports import FindingQuery, Stored, Stores, UsageCount, UsageQuery
from bedrock_audit.recording import Kept, bounded, decided, outcome, recorded
from bedrock_audit.review import Review, ReviewRate
from bedrock_audit.use_case import Registry, UseCase


class FakeFindings:
    """Findings in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}
        self.seen: dict[str, Occurrence] = {}

    def unit(self) -> AbstractContextManager[None]:
        return nullcontext()

    def record(self, observation: Observation, /) -> Stored:
        observation = bounded(observation)
        occurrence, before = observation.occurrence, self.kept.get(observation.finding.id)
        is_new = occurrence is not None and occurrence.id not in self.seen
        after = recorded(before, observation, is_new=is_new)
        self.kept[observation.finding.id] = after
        if occurrence is not None:
            self.seen.setdefault(occurrence.id, occurrence)
        return outcome(before.finding if before else None, after.finding)

    def get(self, finding_id: str, /) -> Finding | None:
        kept = self.kept.get(finding_id)
        return kept.finding if kept else None

    def query(self, wanted: FindingQuery, /) -> Iterator[Finding]:
        matching = [kept.finding for kept in self.kept.values() if wanted.holds(kept.finding)]
        matching.sort(key=lambda finding: (finding.last_seen, finding.id), reverse=True)
        return islice(matching, wanted.limit)

    def occurrences(self, finding_id: str, /, *, limit: int | None = None) -> Iterator[Occurrence]:
        found = [one for one in self.seen.values() if one.finding_id == finding_id]
        return islice(sorted(found, key=lambda one: (one.at, one.id), reverse=True), limit)

    def change(self, finding_id: str, transition: Transition, /, *, expected_version: int) -> Finding:
        kept = self.kept.get(finding_id)
        after = decided(kept, transition, finding_id=finding_id, expected_version=expected_version)
        self.kept[finding_id] = after
        return after.finding


class FakeUseCases:
    """Use cases and their versions in lists."""

    def __init__(self, *use_cases: UseCase) -> None:
        self.saved: dict[str, list[UseCase]] = {use_case.id: [use_case] for use_case in use_cases}

    def registry(self) -> Registry:
        return Registry(use_cases=tuple(versions[-1] for _, versions in sorted(self.saved.items())))

    def versions(self, use_case_id: str, /) -> Sequence[UseCase]:
        return tuple(self.saved.get(use_case_id, ()))

    def save(self, *use_cases: UseCase, seen: Registry) -> None:
        for use_case in use_cases:
            if use_case.version != len(self.versions(use_case.id)) + 1:
                raise ConflictError(f"use case {use_case.id} was changed by somebody else")
        if seen.revision != self.registry().revision:
            raise ConflictError("the registry was changed by somebody else")
        for use_case in use_cases:
            self.saved.setdefault(use_case.id, []).append(use_case)


class FakeSuppressions:
    """Suppressions by id."""

    def __init__(self, *suppressions: Suppression) -> None:
        self.saved = {one.id: one for one in suppressions}

    def all(self) -> Sequence[Suppression]:
        return tuple(one for _, one in sorted(self.saved.items()))

    def save(self, suppression: Suppression, /) -> None:
        known = self.saved.get(suppression.id)
        if suppression.version != (known.version if known else 0) + 1:
            raise ConflictError(f"{suppression.id} was changed by somebody else")
        self.saved[suppression.id] = bounded(suppression)


class FakeLedger:
    """Rows by object and usage by id."""

    def __init__(self) -> None:
        self.saved: dict[str, LedgerRow] = {}
        self.used: dict[str, Usage] = {}

    def row(self, key: str, /) -> LedgerRow | None:
        return self.saved.get(key)

    def save(self, row: LedgerRow, /) -> None:
        self.saved[row.key] = row

    def rows(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[LedgerRow]:
        rows = sorted(self.saved.values(), key=lambda row: (row.first or row.audited_at, row.key))
        return (row for row in rows if row.touches(since=since, until=until))

    def record_usage(self, usage: Usage, /) -> bool:
        return self.used.setdefault(usage.id, usage) is usage

    def uses_on(self, use_case: str, day: str, /) -> int:
        return sum(count.uses for count in self.usage(UsageQuery(use_case=use_case, since=day, until=day)))

    def uses(self, use_case: str, *, since: str | None = None, until: str | None = None) -> Iterator[Usage]:
        wanted = UsageQuery(use_case=use_case, since=since, until=until)
        found = filter(wanted.holds, self.used.values())
        return iter(sorted(found, key=lambda usage: (usage.at, usage.id), reverse=True))

    def usage(self, wanted: UsageQuery, /) -> Sequence[UsageCount]:
        groups: dict[tuple[str, str, str], list[Usage]] = {}
        for usage in self.used.values():
            if wanted.holds(usage):
                groups.setdefault((usage.day, usage.use_case, usage.domain), []).append(usage)
        return [
            UsageCount(
                use_case=use_case,
                domain=domain,
                day=day,
                uses=len(uses),
                end_users=len({usage.end_user for usage in uses} - {""}),
            )
            for (day, use_case, domain), uses in sorted(groups.items())
        ]


class FakeReviews:
    """Reviews in a list, matched to the usage of a fake ledger."""

    def __init__(self) -> None:
        self.saved: dict[str, Review] = {}
        self.ledger = FakeLedger()

    def record(self, review: Review, /) -> bool:
        return self.saved.setdefault(review.id, review) is review

    def of(self, request_id: str, /) -> Sequence[Review]:
        found = [review for review in self.saved.values() if review.request_id == request_id]
        return sorted(found, key=lambda review: (review.at, review.id))

    def rate(self, use_case: str, *, since: datetime, until: datetime) -> ReviewRate:
        uses = [one for one in self.ledger.used.values() if one.use_case == use_case and since <= one.at < until]
        reviewed = sum(self._is_reviewed(usage) for usage in uses)
        return ReviewRate(use_case=use_case, uses=len(uses), reviewed=reviewed)

    def overdue(self, *, now: datetime, since: datetime, use_case: str | None = None) -> Iterator[Usage]:
        due = [
            (usage.review_due, usage.id, usage)
            for usage in self.ledger.used.values()
            if usage.review_due and since <= usage.review_due < now and use_case in (None, usage.use_case)
        ]
        return (usage for _, _, usage in sorted(due) if not self._is_reviewed(usage))

    def missed(self, *, now: datetime, since: datetime) -> Iterator[Usage]:
        due = [
            (usage.review_due, usage.id, usage)
            for usage in self.ledger.used.values()
            if usage.review_due and since <= usage.review_due < now
        ]
        for when, _, usage in sorted(due):
            if not usage.request_id or not any(review.at <= when for review in self.of(usage.request_id)):
                yield usage

    def _is_reviewed(self, usage: Usage) -> bool:
        return bool(usage.request_id) and bool(self.of(usage.request_id))


class FakeStores(Stores, frozen=True, kw_only=True):
    """Every port in memory; give those the test has filled, the rest is empty."""

    findings: FakeFindings = msgspec.field(default_factory=FakeFindings)
    use_cases: FakeUseCases = msgspec.field(default_factory=FakeUseCases)
    suppressions: FakeSuppressions = msgspec.field(default_factory=FakeSuppressions)
    ledger: FakeLedger = msgspec.field(default_factory=FakeLedger)
    reviews: FakeReviews = msgspec.field(default_factory=FakeReviews)

    def __post_init__(self) -> None:
        self.reviews.ledger = self.ledger
