"""Writes an alert as JSON for programs: queues, functions, webhooks, event buses."""

from __future__ import annotations

from typing import Any

import msgspec

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.finding_json import finding_json

SCHEMA = "bedrock-audit/alert/1"
DETAIL_TYPE = "Bedrock Audit Finding"
_LONGEST_ATTRIBUTE = 256

Json = dict[str, Any]


def message(alert: Alert) -> Json:
    """The alert for machines; the schema is `docs/schema/alert.schema.json`."""
    return {
        "schema": SCHEMA,
        "cause": alert.cause,
        "subject": alert.subject,
        "command": alert.command,
        "finding": finding_json(alert.finding),
    }


def text(alert: Alert) -> str:
    """The message as one line of JSON."""
    return msgspec.json.encode(message(alert)).decode("utf-8", "backslashreplace")


def attributes(alert: Alert) -> dict[str, str]:
    """What subscribers filter by; SNS refuses empty values, so facts that are missing are left out."""
    finding = alert.finding
    facts = {
        "severity": finding.severity,
        "clause": finding.clause,
        "domain": finding.domain or "",
        "verdict": finding.verdict,
        "account": finding.account,
        "region": finding.region,
        "principal": finding.principal,
        "use_case": finding.use_case or "",
        "cause": alert.cause,
    }
    return {name: _plain(fact) for name, fact in facts.items() if fact}


def _plain(fact: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in fact)[:_LONGEST_ATTRIBUTE]
