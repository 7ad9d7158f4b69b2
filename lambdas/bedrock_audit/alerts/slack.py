"""Writes alerts and digests as Slack messages; what a caller chose stands in plain text, where markup means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.chat import facts, sentences, steps
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.alerts.plain import cut, one_line, units
from bedrock_audit.finding import Severity

Json = dict[str, Any]
LONGEST_TEXT = 2900
LONGEST_HEADER = 150
_MARKS = {
    Severity.INFO: "⚪",
    Severity.LOW: "🔵",
    Severity.MEDIUM: "🟡",
    Severity.HIGH: "🟠",
    Severity.CRITICAL: "🔴",
}


def alert_message(alert: Alert) -> Json:
    """A message for an incoming webhook (Block Kit, docs.slack.dev/reference/block-kit).

    Blocks at the top, not in an attachment: Slack folds attachments away when they get long, and the command stands at
    the end.
    """
    fields = [_plain(f"{name}: {fact}") for name, fact in facts(alert).items()]
    blocks: list[Json] = [{"type": "section", "fields": fields}]
    blocks += _sections(sentences(alert))
    blocks += _sections(steps(alert))
    return _message(alert.subject, blocks, severity=alert.finding.severity)


def digest_message(digest: Digest) -> Json:
    """The digest in the same form."""
    return _message(digest.title, list(_sections(digest.lines)), severity=digest.severity)


def _message(title: str, blocks: list[Json], *, severity: Severity | None) -> Json:
    """`text` is what a notification shows: with blocks beside it, Slack does not show it in the channel."""
    marked = one_line(f"{_MARKS[severity]} {title}" if severity else title)
    header = {"type": "header", "text": _plain(marked, limit=LONGEST_HEADER)}
    return {"text": _escaped(marked), "blocks": [header, *blocks]}


def _sections(lines: Iterable[str]) -> Iterator[Json]:
    """The lines in as few sections as take them: a cut would hide the last ones, which say where to go on."""
    told = ""
    for line in map(one_line, lines):
        if units(f"{told}\n{line}") > LONGEST_TEXT:
            yield from _section(told)
            told = ""
        told = f"{told}\n{line}"
    yield from _section(told)


def _section(text: str) -> Iterator[Json]:
    """Slack refuses a whole message for one empty section."""
    if told := text.strip():
        yield {"type": "section", "text": _plain(told)}


def _plain(text: str, *, limit: int = LONGEST_TEXT) -> Json:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def _escaped(text: str) -> str:
    """The three characters Slack asks to be escaped: without them there are no mentions and no links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
