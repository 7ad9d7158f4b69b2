"""What people read of an alarm's change of state, as EventBridge tells it."""

from __future__ import annotations

import pytest

from bedrock_audit.alerts.digest import Kind
from bedrock_audit.aws.alarm_events import alarm_told
from bedrock_audit.finding import Severity


def an_alarm_event(state="ALARM", *, before="OK", name="BedrockAudit-MonitoringAlertsLost34F2795B-1QW2E3R4"):
    """The sample of the CloudWatch user guide, shortened."""
    return {
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "time": "2026-11-23T12:00:00Z",
        "detail": {
            "alarmName": name,
            "configuration": {"description": "Alerts were given up.", "metrics": []},
            "previousState": {"reason": "Unchecked", "value": before},
            "state": {"reason": "Threshold Crossed: 1 datapoint [1.0]", "value": state},
        },
    }


def test_an_alarm_says_its_name_what_to_do_and_why_it_rings():
    told = alarm_told(an_alarm_event())

    assert (told.kind, told.severity) == (Kind.ALARM, Severity.HIGH)
    assert told.title == "Pipeline alarm: AlertsLost"
    assert told.lines == (
        "Alerts were given up.",
        "Threshold Crossed: 1 datapoint [1.0]",
        "At 2026-11-23T12:00:00Z",
    )


def test_its_end_is_told_too():
    assert alarm_told(an_alarm_event("OK", before="ALARM")).title == "Pipeline alarm is over: AlertsLost"


@pytest.mark.parametrize(
    ("state", "before"),
    [("OK", "INSUFFICIENT_DATA"), ("INSUFFICIENT_DATA", "OK"), ("INSUFFICIENT_DATA", "ALARM")],
)
def test_an_alarm_that_never_rang_is_no_news(state, before):
    """Twenty of them become well when the stack has just been deployed."""
    assert alarm_told(an_alarm_event(state, before=before)) is None


def test_a_name_of_another_make_is_told_as_it_is():
    assert alarm_told(an_alarm_event(name="theirs")).title == "Pipeline alarm: theirs"
