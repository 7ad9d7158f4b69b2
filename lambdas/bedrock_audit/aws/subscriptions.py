"""Who subscribes to a topic, and whether they have confirmed: an alert to nobody is no alert."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from bedrock_audit.record import Value

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class State(StrEnum):
    """Whether a subscription gets anything; one that is gone was not confirmed in time, or was ended by a click."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "UNCONFIRMED"
    GONE = "GONE"


_STATES = {"PendingConfirmation": State.UNCONFIRMED, "Deleted": State.GONE}
"""What SNS writes in place of an ARN."""


class Subscription(Value, frozen=True):
    """One subscription; `endpoint` is an address, ARN or URL."""

    protocol: str
    endpoint: str
    state: State

    @property
    def is_confirmed(self) -> bool:
        """Whether messages arrive."""
        return self.state is State.CONFIRMED


def subscriptions(sns: SNSClient, *, topic: str) -> list[Subscription]:
    """Every subscription of the topic; SNS lists those that have ended for a while, and then no more."""
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    return [
        Subscription(
            protocol=found["Protocol"],
            endpoint=found.get("Endpoint", ""),
            state=_STATES.get(found["SubscriptionArn"], State.CONFIRMED),
        )
        for page in pages
        for found in page["Subscriptions"]
    ]


def is_heard(found: Iterable[Subscription]) -> bool:
    """Whether anybody gets what the topic is told."""
    return any(one.is_confirmed for one in found)


def unheard(found: Sequence[Subscription], *, expected: Iterable[str] = ()) -> list[Subscription]:
    """Who was to be told and is not: unconfirmed subscriptions, and expected e-mail addresses that are not there."""
    there = {one.endpoint.casefold() for one in found}
    gone = [address for address in expected if address.casefold() not in there]
    return [
        *(one for one in found if not one.is_confirmed),
        *(Subscription(protocol="email", endpoint=address, state=State.GONE) for address in gone),
    ]
