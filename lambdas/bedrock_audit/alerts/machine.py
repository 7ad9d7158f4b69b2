"""Writes alerts and digests as JSON for programs: queues, functions, webhooks, event buses."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.alerts.plain import one_line
from bedrock_audit.finding_json import finding_json

ALERT_SCHEMA = "bedrock-audit/alert/1"
DIGEST_SCHEMA = "bedrock-audit/digest/1"
LONGEST_ATTRIBUTE = 256

Json = dict[str, Any]


def alert_message(alert: Alert) -> Json:
    """The alert for machines; `docs/schema/alert.schema.json` describes it."""
    return {
        "schema": ALERT_SCHEMA,
        "cause": alert.cause,
        "subject": alert.subject,
        "command": alert.command,
        "finding": finding_json(alert.finding),
    }


def digest_message(digest: Digest) -> Json:
    """The digest for machines, in the same schema file."""
    severity = {"severity": digest.severity} if digest.severity else {}
    return {"schema": DIGEST_SCHEMA, "kind": digest.kind, "title": digest.title, "lines": digest.lines, **severity}


def text(message: Json) -> str:
    """A message as one line of JSON in ASCII: queues refuse some characters, and a caller could choose one of them."""
    return json.dumps(msgspec.to_builtins(message))


def alert_attributes(alert: Alert) -> dict[str, str]:
    """What subscribers filter by; SNS refuses empty values, so facts that are missing are left out."""
    finding = alert.finding
    facts = {
        "cause": alert.cause,
        "severity": finding.severity,
        "clause": finding.clause,
        "domain": finding.domain or "",
        "verdict": finding.verdict,
        "account": finding.account,
        "region": finding.region,
        "principal": finding.principal,
        "use_case": finding.use_case or "",
    }
    return {name: one_line(fact, limit=LONGEST_ATTRIBUTE) for name, fact in facts.items() if fact}


def digest_attributes(digest: Digest) -> dict[str, str]:
    """The kind as cause; a storm also has a severity, so that it reaches those who want only the worst."""
    return {"cause": digest.kind, **({"severity": digest.severity} if digest.severity else {})}
