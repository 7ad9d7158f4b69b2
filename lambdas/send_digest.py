"""Sends the hourly digest and the summary of the day before; and to webhooks the alarms of the pipeline itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from alert_needs import DigestSettings
from alert_rounds import send_alarm, send_digests, send_summary
from audit_metrics import count
from bedrock_audit.aws.alarm_events import ALARM_EVENT
from observability import observed
from settings import settings_of


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """`{"digest": "repeats" or "daily", "at": time}` every hour, or an alarm's event; raises if a channel refuses.

    The time is when it was due: a run that comes late or again says the same. `RoundsDone` is what the schedule is
    watched by.
    """
    needs = settings_of(DigestSettings)
    if event.get("detail-type") == ALARM_EVENT:
        send_alarm(needs, event)
        return
    now = datetime.fromisoformat(event["at"])
    {"repeats": send_digests, "daily": send_summary}[event["digest"]](needs, now)
    count(RoundsDone=1)
