"""The policy as clauses: read from files, validated, compiled."""

from bedrock_audit.policy.compiled import Clause, Policy
from bedrock_audit.policy.loader import load_policy

__all__ = ["Clause", "Policy", "load_policy"]
