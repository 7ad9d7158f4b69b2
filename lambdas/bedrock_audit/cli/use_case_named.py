"""Finds the use case that somebody names on the command line."""

from __future__ import annotations

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.located import nearest
from bedrock_audit.use_case import Registry, UseCase


def named(registry: Registry, use_case_id: str) -> UseCase:
    """The use case of that id; raises BedrockAuditError with the nearest one there is."""
    found = registry.get(use_case_id)
    if found is None:
        known = [one.id for one in registry.use_cases]
        raise BedrockAuditError(f"there is no use case {use_case_id!r}{nearest(use_case_id, known)}")
    return found
