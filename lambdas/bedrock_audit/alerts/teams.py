"""Writes alerts and digests as Adaptive Cards for a Microsoft Teams webhook.

Text stands in text runs alone: they know no Markdown, so a caller's name stays a name
(https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features).
"""

from __future__ import annotations

from typing import Any

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.chat import facts, sentences, steps
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.alerts.plain import one_line
from bedrock_audit.finding import Severity

Json = dict[str, Any]


def alert_message(alert: Alert) -> Json:
    """A card with the facts of one finding."""
    told = [_line(_run(f"{name}: ", weight="Bolder"), _run(fact)) for name, fact in facts(alert).items()]
    said = [_line(_run(sentence)) for sentence in (*sentences(alert), *steps(alert))]
    return _card([_heading(alert.subject, alert.finding.severity), *told, *said])


def digest_message(digest: Digest) -> Json:
    """A card with the digest's lines."""
    return _card([_heading(digest.title, digest.severity), *(_line(_run(line)) for line in digest.lines if line)])


def _card(body: list[Json]) -> Json:
    content = {"type": "AdaptiveCard", "version": "1.4", "body": body, "msteams": {"width": "Full"}}
    return {
        "type": "message",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}],
    }


def _heading(text: str, severity: Severity | None) -> Json:
    colours = {Severity.CRITICAL: "Attention", Severity.HIGH: "Attention", Severity.MEDIUM: "Warning"}
    colour = colours.get(severity, "Default") if severity else "Default"
    return _line(_run(text, weight="Bolder", size="Medium", color=colour))


def _line(*runs: Json) -> Json:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, **looks: str) -> Json:
    return {"type": "TextRun", "text": one_line(text), **looks}
