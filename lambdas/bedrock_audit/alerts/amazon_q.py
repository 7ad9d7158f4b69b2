"""Writes alerts and digests in the one schema that Amazon Q Developer in chat applications shows in a channel.

https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html; messages in any other shape are dropped.
"""

from __future__ import annotations

import re
from typing import Any

from bedrock_audit.alerts.alert import Alert
from bedrock_audit.alerts.chat import facts, sentences, steps
from bedrock_audit.alerts.digest import Digest
from bedrock_audit.alerts.plain import one_line

Json = dict[str, Any]
LONGEST_TITLE = 240
LONGEST_TEXT = 6000
_MARKUP = re.compile(r"[<>|`\\]|\](?=\()")


def alert_message(alert: Alert) -> Json:
    """One finding; whatever is said of it later shares its thread."""
    lines = [*(f"{name}: {fact}" for name, fact in facts(alert).items()), *sentences(alert)]
    return _message(alert.subject, lines, thread=alert.finding.id, next_steps=steps(alert))


def digest_message(digest: Digest) -> Json:
    """A digest; those of one kind share a thread."""
    return _message(digest.title, digest.lines, thread=f"bedrock-audit-{digest.kind}", next_steps=[])


def _message(title: str, lines: list[str] | tuple[str, ...], *, thread: str, next_steps: list[str]) -> Json:
    heading = _plain(title)[:LONGEST_TITLE]
    content: Json = {
        "textType": "client-markdown",
        "title": heading,
        "description": "\n".join(_plain(line) for line in lines)[:LONGEST_TEXT],
        **({"nextSteps": next_steps} if next_steps else {}),
    }
    return {
        "version": "1.0",
        "source": "custom",
        "content": content,
        "metadata": {"threadId": thread, "summary": heading},
    }


def _plain(text: str) -> str:
    """One line that can mention nobody and link nowhere; a name with `_` or `*` in it may at worst stand slanted."""
    return _MARKUP.sub("·", one_line(text)).replace("@", "(at)")
