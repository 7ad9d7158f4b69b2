"""The use-case registry: which consequential uses were evaluated, approved and safeguarded, and for whom."""

from bedrock_audit.use_case.registry import Permission, Permitted, Refusal, Refused, Registry
from bedrock_audit.use_case.safeguards import MissingSafeguard, Safeguard
from bedrock_audit.use_case.terms import (
    Approval,
    Domain,
    HumanOversight,
    HumanReview,
    RiskEvaluation,
    Safeguards,
    Testing,
    UseCase,
    UseCaseStatus,
    Who,
)

__all__ = [
    "Approval",
    "Domain",
    "HumanOversight",
    "HumanReview",
    "MissingSafeguard",
    "Permission",
    "Permitted",
    "Refusal",
    "Refused",
    "Registry",
    "RiskEvaluation",
    "Safeguard",
    "Safeguards",
    "Testing",
    "UseCase",
    "UseCaseStatus",
    "Who",
]
