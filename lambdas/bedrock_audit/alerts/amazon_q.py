"""Writes alerts and digests in the one schema that Amazon Q Developer in chat applications shows in a channel.

https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html; messages in any other shape are dropped.
"""

from __future__ import annotations

import re
from typing import Any

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.finding_json import iso

Json = dict[str, Any]
_LONGEST_TITLE = 240
_LONGEST_TEXT = 6000
_MARKUP = re.compile(r"[`*_~<>\[\]|@#!\\]")


def alert_message(alert: Alert) -> Json:
    """One finding; repeats of a finding share its thread."""
    finding = alert.finding
    lines = [
        f"Who: {finding.principal}",
        f"Clause: {finding.domain or finding.clause}, model: {finding.disposition}",
        f"How often: {finding.occurrences} times, last {iso(finding.last_seen)}",
        f"Account: {finding.account} {finding.region}",
        *finding.explanation,
    ]
    return _message(alert.subject, lines, identity=finding.id, steps=[f"See the evidence: {alert.command}"])


def digest_message(digest: Digest) -> Json:
    """A digest."""
    return _message(digest.title, list(digest.lines), identity="digest", steps=[])


def _message(title: str, lines: list[str], *, identity: str, steps: list[str]) -> Json:
    content: Json = {
        "textType": "client-markdown",
        "title": _plain(title)[:_LONGEST_TITLE],
        "description": "\n".join(_plain(line) for line in lines)[:_LONGEST_TEXT] or "Nothing happened.",
    }
    if steps:
        content["nextSteps"] = steps
    return {
        "version": "1.0",
        "source": "custom",
        "content": content,
        "metadata": {"threadId": identity, "summary": _plain(title)[:_LONGEST_TITLE]},
    }


def _plain(text: str) -> str:
    """One line without the characters that the client would read as markup or a mention."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return _MARKUP.sub("·", shown)
