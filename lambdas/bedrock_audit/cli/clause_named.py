"""Checks the clause that somebody names on the command line: what a typing error finds nothing of is no all-clear."""

from __future__ import annotations

from difflib import get_close_matches

from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.gaps import CLAUSE
from bedrock_audit.policy.loader import own_folder
from bedrock_audit.ports import FindingQuery, Findings


def check_clause(name: str, *, findings: Findings) -> None:
    """One of ours, or one of the organisation's own that has found something; `clause.domain` is one too.

    Raises BedrockAuditError with the nearest one there is.
    """
    files = {path.stem for path in (own_folder() / "clauses").iterdir()}
    known = {CLAUSE, *files, *(file.partition(".")[0] for file in files)}
    if name in known or _has_found(name, findings):
        return
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else "see `bedrock-audit policy list`"
    raise BedrockAuditError(f"no clause is called {name!r}; {hint}")


def _has_found(name: str, findings: Findings) -> bool:
    clause, _, domain = name.partition(".")
    return any(not domain or one.domain == domain for one in findings.query(FindingQuery(clause=clause)))
