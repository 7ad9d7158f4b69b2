"""Looks who listens to the topics, for the daily summary and for an alarm: an alert to nobody is no alert."""

from __future__ import annotations

import boto3
from botocore.exceptions import ClientError

from alert_needs import DigestSettings
from audit_metrics import count
from bedrock_audit.aws.clients import PATIENT
from bedrock_audit.aws.permissions import code_of
from bedrock_audit.aws.subscriptions import is_heard, subscriptions, unheard
from observability import logger, told_safely


def unheard_of(needs: DigestSettings) -> list[str]:
    """A remark for each who should be told and is not; what cannot be looked up is one too."""
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
