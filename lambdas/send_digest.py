"""Sends the hourly digest and the summary of the day before; and to webhooks the alarms of the pipeline itself."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import boto3
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from alert_needs import DigestSettings
from alert_wiring import alert_log, channels, dynamodb, routes_in_force
from audit_metrics import count
from bedrock_audit.alerts.daily import daily, day_due
from bedrock_audit.alerts.digest import Digest, Kind
from bedrock_audit.alerts.rounds import send_once, send_repeats
from bedrock_audit.aws.alarm_events import ALARM_EVENT, alarm_told
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.digest_log import DigestLogTable
from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.aws.permissions import code_of
from bedrock_audit.aws.subscriptions import is_heard, subscriptions, unheard
from bedrock_audit.aws.tables import TableNames
from observability import logger, observed, told_safely
from settings import settings_of


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """`{"digest": "repeats" or "daily", "at": time}` every hour, or an alarm's event; raises if a channel refuses.

    The time is when it was due: a run that comes late or again says the same. `RoundsDone` is what the schedule is
    watched by.
    """
    needs = settings_of(DigestSettings)
    if event.get("detail-type") == ALARM_EVENT:
        _alarm(needs, event)
        return
    now = datetime.fromisoformat(event["at"])
    {"repeats": _repeats, "daily": _daily}[event["digest"]](needs, now)
    count(RoundsDone=1)


def _repeats(needs: DigestSettings, now: datetime) -> None:
    log = DigestLogTable(dynamodb(), table=needs.ledger_table, sleep=time.sleep)
    send_repeats(channels(needs), log=log, until=routes_in_force(needs).period_of(now), reach=needs.reach)


def _alarm(needs: DigestSettings, event: dict[str, Any]) -> None:
    """To webhooks alone: alarms go to the topic and the chat by themselves."""
    told, now = alarm_told(event), datetime.fromisoformat(event["time"])
    if told is None:
        return
    webhooks = [channel for channel in channels(needs) if channel.name in needs.webhooks]
    send_once(webhooks, f"{Kind.ALARM}#{event['id']}", lambda: told, log=alert_log(needs.ledger_table), now=now)


def _daily(needs: DigestSettings, now: datetime) -> None:
    """Looked for every hour: a channel that refused, or a run that did not come, costs an hour and no day."""
    remarks, day = _unheard(needs), day_due(now, hour=needs.summary_hour)

    def summary() -> Digest:
        return _summary(needs, day=day, remarks=remarks)

    send_once(channels(needs), f"{Kind.DAILY}#{day}", summary, log=alert_log(needs.ledger_table), now=now)


def _summary(needs: DigestSettings, *, day: date, remarks: Iterable[str]) -> Digest:
    tables = TableNames(findings=needs.findings_table, use_cases=needs.use_cases_table, ledger=needs.ledger_table)
    return daily(dynamodb_stores(dynamodb(), tables), day=day, remarks=remarks, reach=needs.reach)


def _unheard(needs: DigestSettings) -> list[str]:
    """What cannot be looked up is said, and keeps nobody from the summary."""
    sns = boto3.client("sns", config=PATIENT)
    try:
        found = subscriptions(sns, topic=needs.alert_topic)
        in_chat = subscriptions(sns, topic=needs.chat_topic) if needs.chat_topic else []
    except ClientError as error:
        count(SubscriptionsUnconfirmed=1)
        logger().error("Who gets alerts could not be looked up", error=told_safely(error))
        return [f"Who gets alerts could not be looked up (sns:ListSubscriptionsByTopic: {code_of(error)})"]
    missing = unheard(found, expected=needs.addresses)
    remarks = [f"Does not get alerts: {one.protocol} {one.endpoint} ({one.state})" for one in missing]
    if needs.chat_topic and not is_heard(in_chat):
        remarks.append("The chat gets no alerts: is its channel still configured in Amazon Q Developer?")
    if not missing and not is_heard(found) and not needs.is_heard_elsewhere:
        remarks.append("Nobody has confirmed a subscription to the alert topic")
    confirmed = sum(one.is_confirmed for one in (*found, *in_chat))
    count(SubscriptionsUnconfirmed=len(remarks), SubscriptionsConfirmed=confirmed)
    return remarks
