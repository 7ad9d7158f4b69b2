"""The use-case registry: which consequential uses were evaluated, approved and safeguarded, and for whom."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from bedrock_audit.record import Value


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
    """Which calls belong to the use case; an empty tuple means any, but not all four may be empty."""

    principals: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    inference_profiles: tuple[str, ...] = ()
    metadata: dict[str, str] = {}


class UseCase(Value, frozen=True):
    """One version of one use case."""

    id: str
    purpose: str
    owner: str
    domains: tuple[Domain, ...]
    who: Who
    status: UseCaseStatus = UseCaseStatus.DRAFT
    approver: str = ""
    approved_at: date | None = None
    expires_at: date | None = None
    version: int = 1
    changed_by: str = ""
    changed_at: datetime | None = None
    change_reason: str = ""


class Registry(Value, frozen=True):
    """The use cases in force, as one value that `decide` asks."""

    use_cases: tuple[UseCase, ...] = ()
