"""Writes alerts and digests as Slack messages; what a caller chose stands in plain text, where markup means nothing."""

from __future__ import annotations

from typing import Any

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.chat import facts
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.alerts.plain import one_line
from bedrock_audit.finding import Severity

Json = dict[str, Any]
LONGEST_TEXT = 2900
LONGEST_HEADER = 150
_COLOURS = {
    Severity.INFO: "#8a8a8a",
    Severity.LOW: "#3f7fbf",
    Severity.MEDIUM: "#d9a400",
    Severity.HIGH: "#d9622b",
    Severity.CRITICAL: "#b3261e",
}


def alert_message(alert: Alert) -> Json:
    """A message for an incoming webhook (Block Kit, docs.slack.dev/reference/block-kit)."""
    fields = [_plain(f"{name}: {fact}") for name, fact in facts(alert).items()]
    blocks: list[Json] = [_header(alert.subject), {"type": "section", "fields": fields}]
    if alert.finding.explanation:
        blocks.append({"type": "section", "text": _plain("\n".join(alert.finding.explanation))})
    blocks.append({"type": "context", "elements": [_plain(f"See the evidence: {alert.command}")]})
    return _message(alert.subject, blocks, severity=alert.finding.severity)


def digest_message(digest: Digest) -> Json:
    """The digest in the same form."""
    blocks: list[Json] = [_header(digest.title), {"type": "section", "text": _plain("\n".join(digest.lines))}]
    return _message(digest.title, blocks, severity=digest.severity or Severity.INFO)


def _message(fallback: str, blocks: list[Json], *, severity: Severity) -> Json:
    return {"text": _escaped(fallback), "attachments": [{"color": _COLOURS[severity], "blocks": blocks}]}


def _header(title: str) -> Json:
    return {"type": "header", "text": _plain(title, limit=LONGEST_HEADER)}


def _plain(text: str, *, limit: int = LONGEST_TEXT) -> Json:
    """Lines of our own making stay lines; whatever else could deceive is taken out of each."""
    shown = "\n".join(one_line(line) for line in text.split("\n")) or "–"
    return {"type": "plain_text", "text": shown if len(shown) <= limit else f"{shown[: limit - 1]}…", "emoji": False}


def _escaped(text: str) -> str:
    """The three characters Slack asks to be escaped: without them there are no mentions and no links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
