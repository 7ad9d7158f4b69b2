"""Turns an alarm's change of state, as EventBridge tells it, into what people read; knows CloudWatch's field names.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bedrock_audit.alerts.digest import Digest, Kind
from bedrock_audit.finding import Severity

ALARM_EVENT = "CloudWatch Alarm State Change"
_OURS = re.compile(r"-Monitoring(?P<name>\w+?)[0-9A-F]{8}(-|$)")
"""What CloudFormation makes of an alarm's name: stack, construct, hash, chance."""


def alarm_told(event: Mapping[str, Any]) -> Digest | None:
    """What the event says; None for an alarm that was never ringing, as each is when it has just been made."""
    detail = event["detail"]
    state, before = detail["state"], detail.get("previousState", {})
    found = _OURS.search(detail["alarmName"])
    name = found["name"] if found else detail["alarmName"]
    lines = (detail.get("configuration", {}).get("description", ""), state.get("reason", ""), f"At {event['time']}")
    if state["value"] == "ALARM":
        return Digest(kind=Kind.ALARM, title=f"Pipeline alarm: {name}", lines=lines, severity=Severity.HIGH)
    if state["value"] == "OK" and before.get("value") == "ALARM":
        return Digest(kind=Kind.ALARM, title=f"Pipeline alarm is over: {name}", lines=lines)
    return None
