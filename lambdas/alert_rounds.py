"""What the function that sends digests does in one run: each of it once, and again to a channel that refused."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from alert_listeners import unheard_of
from alert_needs import DigestSettings
from alert_wiring import alert_log, channels, dynamodb, routes_in_force
from bedrock_audit.alerts.daily import daily, day_due
from bedrock_audit.alerts.digest import Digest, Kind
from bedrock_audit.alerts.rounds import send_once, send_repeats
from bedrock_audit.aws.alarm_events import alarm_told
from bedrock_audit.aws.digest_log import DigestLogTable
from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.aws.tables import TableNames


def send_digests(needs: DigestSettings, now: datetime) -> None:
    """What waited for each channel until the period that is over."""
    log = DigestLogTable(dynamodb(), table=needs.ledger_table, sleep=time.sleep)
    send_repeats(channels(needs), log=log, until=routes_in_force(needs).period_of(now), reach=needs.reach)


def send_summary(needs: DigestSettings, now: datetime) -> None:
    """The summary that was due last; looked for every hour, so that a refusal or a missed run costs no day."""
    remarks, day = unheard_of(needs), day_due(now, hour=needs.summary_hour)

    def summary() -> Digest:
        return _summary(needs, day=day, remarks=remarks)

    send_once(channels(needs), f"{Kind.DAILY}#{day}", summary, log=alert_log(needs.ledger_table), now=now)


def send_alarm(needs: DigestSettings, event: dict[str, Any]) -> None:
    """An alarm's event, to webhooks alone: alarms go to the topic and the chat by themselves."""
    told, now = alarm_told(event), datetime.fromisoformat(event["time"])
    if told is None:
        return
    webhooks = [channel for channel in channels(needs) if channel.name in needs.webhooks]
    send_once(webhooks, f"{Kind.ALARM}#{event['id']}", lambda: told, log=alert_log(needs.ledger_table), now=now)


def _summary(needs: DigestSettings, *, day: date, remarks: Iterable[str]) -> Digest:
    tables = TableNames(findings=needs.findings_table, use_cases=needs.use_cases_table, ledger=needs.ledger_table)
    return daily(dynamodb_stores(dynamodb(), tables), day=day, remarks=remarks, reach=needs.reach)
