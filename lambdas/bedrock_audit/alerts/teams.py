"""Writes alerts and digests as Adaptive Cards for a Microsoft Teams webhook; caller-chosen text carries no markup."""

from __future__ import annotations

import re
from typing import Any

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.finding_json import iso

Json = dict[str, Any]
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~])")


def alert_message(alert: Alert) -> Json:
    """A card with the facts of one finding."""
    finding = alert.finding
    facts = {
        "Who": finding.principal,
        "Clause": finding.domain or finding.clause,
        "Model did": finding.disposition,
        "How often": f"{finding.occurrences} times, last {iso(finding.last_seen)}",
        "Account": f"{finding.account} {finding.region}",
    }
    shown = [{"title": name, "value": _plain(str(fact))} for name, fact in facts.items()]
    return _card([_heading(alert.subject), {"type": "FactSet", "facts": shown}, _text(alert.command)])


def digest_message(digest: Digest) -> Json:
    """A card with the digest's lines."""
    return _card([_heading(digest.title), *(_text(line) for line in digest.lines)])


def _card(body: list[Json]) -> Json:
    content = {"type": "AdaptiveCard", "version": "1.4", "body": body}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


def _heading(text: str) -> Json:
    return {**_text(text), "weight": "Bolder", "size": "Medium"}


def _text(text: str) -> Json:
    return {"type": "TextBlock", "wrap": True, "text": _plain(text)}


def _plain(text: str) -> str:
    """Cards render a little Markdown; a backslash takes its meaning away."""
    return _MARKUP.sub(r"\\\1", text)
