"""Writes alerts and digests as Slack messages; what a caller chose stands in plain text, where markup means nothing."""

from __future__ import annotations

from typing import Any

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.finding import Severity
from bedrock_audit.finding_json import iso

Json = dict[str, Any]
_LONGEST_TEXT = 2900
_LONGEST_HEADER = 150
_LONGEST_FIELD = 1900
_COLOURS = {
    Severity.INFO: "#8a8a8a",
    Severity.LOW: "#3f7fbf",
    Severity.MEDIUM: "#d9a400",
    Severity.HIGH: "#d9622b",
    Severity.CRITICAL: "#b3261e",
}


def alert_message(alert: Alert) -> Json:
    """A message for an incoming webhook (Block Kit, docs.slack.dev/reference/block-kit)."""
    finding = alert.finding
    facts = {
        "Who": finding.principal,
        "Clause": finding.domain or finding.clause,
        "Model did": finding.disposition,
        "How often": f"{finding.occurrences} times, last {iso(finding.last_seen)}",
        "Account": f"{finding.account} {finding.region}",
        "Use case": finding.use_case or "none",
    }
    blocks: list[Json] = [
        {"type": "header", "text": _plain(alert.subject, limit=_LONGEST_HEADER)},
        {
            "type": "section",
            "fields": [_plain(f"{name}: {fact}", limit=_LONGEST_FIELD) for name, fact in facts.items()],
        },
    ]
    if finding.explanation:
        blocks.append({"type": "section", "text": _plain("\n".join(finding.explanation))})
    blocks.append({"type": "context", "elements": [_plain(f"See the evidence: {alert.command}")]})
    return _message(alert.subject, blocks, colour=_COLOURS[finding.severity])


def digest_message(digest: Digest) -> Json:
    """The digest in the same form."""
    blocks: list[Json] = [
        {"type": "header", "text": _plain(digest.title, limit=_LONGEST_HEADER)},
        {"type": "section", "text": _plain("\n".join(digest.lines) or "Nothing happened.")},
    ]
    return _message(digest.title, blocks, colour=_COLOURS[Severity.INFO])


def _message(fallback: str, blocks: list[Json], *, colour: str) -> Json:
    return {"text": _escaped(fallback), "attachments": [{"color": colour, "blocks": blocks}]}


def _plain(text: str, *, limit: int = _LONGEST_TEXT) -> Json:
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    return {"type": "plain_text", "text": shown, "emoji": False}


def _escaped(text: str) -> str:
    """The three characters Slack asks to be escaped: without them there are no mentions and no links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
