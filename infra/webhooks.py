"""From queued postings to Slack, Teams and other webhooks, apart from all other alerts: a webhook may be down."""

from __future__ import annotations

from aws_cdk import Duration
from constructs import Construct

from alert_needs import WebhookSettings
from bedrock_audit.aws.webhook_queue import webhook_name
from infra.customer_key import READING
from infra.engine_function import EngineFunction, Workshop
from infra.permission import let
from infra.work_queue import WorkQueue

LONGEST_POST = Duration.minutes(3)
"""Three tries, each with half a minute of `Retry-After` before it and fifteen seconds of its own."""
COMES_AGAIN = Duration.minutes(5)
ATTEMPTS = 72
"""Six hours, as long as other channels are waited for."""
AT_ONCE = 2
"""The least that SQS allows; Slack takes one message a second from a webhook."""


class Webhooks(Construct):
    """`postings` waits to be posted, `unposted` is what was refused for hours; `names` are the channels' names."""

    def __init__(self, scope: Construct, construct_id: str, *, workshop: Workshop) -> None:
        super().__init__(scope, construct_id)
        secrets = workshop.settings.webhook_secrets
        self.names = tuple(webhook_name(secret) for secret in secrets)
        self.unposted = WorkQueue(self, "Unposted", key=workshop.key)
        self.postings = WorkQueue(
            self, "Postings", key=workshop.key, then=self.unposted, attempts=ATTEMPTS, visibility=COMES_AGAIN
        )
        self.function = EngineFunction(
            self,
            "PostToWebhook",
            workshop=workshop,
            handler="post_to_webhook",
            description="Posts alerts to Slack, Teams and other webhooks (bedrock-audit)",
            needs=WebhookSettings(webhook_secrets=secrets),
            timeout=LONGEST_POST,
        )
        self.postings.feed(self.function, batch=1, at_once=AT_ONCE)
        for secret in secrets:
            let(self.function, "secretsmanager:GetSecretValue", on=secret)
        workshop.key.let_through(self.function, "secretsmanager", *READING)
