"""What a use case says: the purpose, who may pursue it, how it was evaluated, and who approved it until when."""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from typing import Annotated

import msgspec

from bedrock_audit.finding import Attribution
from bedrock_audit.record import Value

Slug = Annotated[str, msgspec.Meta(pattern="^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$", max_length=64)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
Pattern = Annotated[str, msgspec.Meta(min_length=1, max_length=512)]
Patterns = Annotated[tuple[Pattern, ...], msgspec.Meta(max_length=100)]
"""Bounded, so that a use case fits an item of a table whatever somebody generates."""
Pairs = Annotated[dict[Pattern, Annotated[str, msgspec.Meta(max_length=256)]], msgspec.Meta(max_length=16)]
"""As many as `requestMetadata` can hold."""
_ADDRESS = re.compile(r"<([^<>]+@[^<>]+)>")
Hours = Annotated[int, msgspec.Meta(ge=1, le=8784)]
Days = Annotated[int, msgspec.Meta(ge=1, le=3660)]
Decisions = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
"""Bounded, so that a slip of the keyboard is refused and no sum with a time can overflow."""


class Domain(StrEnum):
    """Consequential domains of the policy."""

    MEDICAL_DIAGNOSIS = "medical-diagnosis"
    MEDICAL_ADVICE = "medical-advice"
    JUDICIAL = "judicial"
    HOUSING = "housing"
    GOVERNMENT_BENEFITS = "government-benefits"
    EDUCATION = "education"
    EMPLOYMENT = "employment"
    LENDING = "lending"
    LEGAL_ADVICE = "legal-advice"
    FINANCIAL_ADVICE = "financial-advice"
    FUNDAMENTAL_RIGHTS = "fundamental-rights"


class UseCaseStatus(StrEnum):
    """Where a use case stands; only APPROVED can permit."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUSPENDED = "suspended"


class Who(Value, frozen=True):
    """Which calls belong to the use case: every kind of condition given must hold, one entry of it suffices.

    `principals` are anchored patterns (`*`, `?`) over a role or user ARN, or `role/NAME`; `inference_profiles` over
    the ARN or the id of an application inference profile; `metadata` pairs must all be in `requestMetadata`, which is
    the caller's own word. `any` says that every caller is meant; without it not all four may be empty.
    """

    principals: Patterns = ()
    accounts: Patterns = ()
    inference_profiles: Patterns = ()
    metadata: Pairs = {}
    any: bool = False

    @property
    def attribution(self) -> Attribution:
        """How sure it is that a matching call is meant: declared if, but for the account, only metadata says so."""
        is_declared = self.metadata and not self.principals and not self.inference_profiles
        return Attribution.DECLARED if is_declared else Attribution.VERIFIED


class RiskEvaluation(Value, frozen=True):
    """Where the evaluation of the use's risks can be read, when it was done, and by whom."""

    reference: Text
    date: datetime.date
    by: Name


class HumanReview(Value, frozen=True):
    """Whether a person must look at each decision, and within how many hours of the call."""

    required: bool = True
    within_hours: Hours = 24


class HumanOversight(Value, frozen=True):
    """How people stay in charge of the decision, in words."""

    description: Text
    human_review: HumanReview | None = None


class Testing(Value, frozen=True):
    """Where the tests of this use can be read, and when they were done."""

    reference: Text
    date: datetime.date


class Safeguards(Value, frozen=True):
    """What each call must keep to: `guardrail_required` true for any Guardrail, or the id of the one.

    `attribution: verified` asks that more than the caller's own word says whose call it is. `others` are safeguards
    in words, which no log can show.
    """

    guardrail_required: bool | Text = False
    max_daily_decisions: Decisions | None = None
    attribution: Attribution | None = None
    others: Annotated[tuple[Text, ...], msgspec.Meta(max_length=20)] = ()


class Approval(Value, frozen=True):
    """A time in which the use was approved: whole days in UTC, both included, cut short at `ended_at`.

    `was_suspended` tells a stop that somebody meant from an approval that was replaced or withdrawn.
    """

    approver: str
    approved_at: datetime.date
    expires_at: datetime.date
    ended_at: datetime.datetime | None = None
    was_suspended: bool = False

    def covers(self, at: datetime.datetime) -> bool:
        """Whether the approval held at that time."""
        is_within = self.approved_at <= at.date() <= self.expires_at
        return is_within and (self.ended_at is None or at < self.ended_at)


class Terms(Value, frozen=True):
    """What a team declares about a use and its approver agrees to; `models` and `regions` are patterns, empty is any.

    `review_interval` is in days.
    """

    id: Slug
    purpose: Text
    owner: Name
    domains: Annotated[tuple[Domain, ...], msgspec.Meta(min_length=1)]
    who: Who
    models: Patterns = ()
    regions: Patterns = ()
    end_users: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    risk_evaluation: RiskEvaluation | None = None
    human_oversight: HumanOversight | None = None
    testing: Testing | None = None
    safeguards: Safeguards = Safeguards()
    status: UseCaseStatus = UseCaseStatus.DRAFT
    approver: Annotated[str, msgspec.Meta(max_length=256)] = ""
    approved_at: datetime.date | None = None
    expires_at: datetime.date | None = None
    review_interval: Days | None = None


class UseCase(Terms, frozen=True):
    """One version of one use case.

    `earlier_approvals` are the ones before the current `approved_at`, so that a call of last year is judged by last
    year's approval. `suspended_at` is when a suspension began.
    """

    earlier_approvals: tuple[Approval, ...] = ()
    suspended_at: datetime.datetime | None = None
    version: int = 1
    changed_by: str = ""
    changed_at: datetime.datetime | None = None
    change_reason: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What the policy asks for and this use case does not have; one that misses anything permits nothing."""
        needed = {
            "risk evaluation": self.risk_evaluation,
            "human oversight": self.human_oversight,
            "testing": self.testing,
        }
        return tuple(name for name, given in needed.items() if given is None)

    @property
    def review(self) -> HumanReview | None:
        """The human review that each use needs, if it needs one."""
        review = self.human_oversight.human_review if self.human_oversight else None
        return review if review and review.required else None

    @property
    def approval(self) -> Approval | None:
        """The latest approval, whether or not it still holds; None if there never was one or it says not enough."""
        if not (self.approver and self.approved_at and self.expires_at) or is_same_person(self.approver, self.owner):
            return None
        if self.status is UseCaseStatus.DRAFT:
            return None
        if self.status is UseCaseStatus.APPROVED:
            return Approval(self.approver, self.approved_at, self.expires_at)
        never_begun = datetime.datetime.combine(self.approved_at, datetime.time.min, tzinfo=datetime.UTC)
        return Approval(
            self.approver, self.approved_at, self.expires_at, self.suspended_at or never_begun, was_suspended=True
        )


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one, however they are written; `Ann Lee <ann@example.com>` is known by the address."""
    return _known_as(one) == _known_as(other)


def _known_as(name: str) -> str:
    address = _ADDRESS.search(name)
    return (address[1] if address else name).strip().casefold()
