"""Where people and machines subscribe to what they must know: the topic, and who may publish to it."""

from __future__ import annotations

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.chat import Chat
from infra.customer_key import SENDING, CustomerKey, of_this_account
from infra.permission import let
from infra.settings import Settings


class Alerting(Construct):
    """`topic` carries alerts about findings and the pipeline's own health; `chat` is there if a channel is set.

    `topics` are both: the chat knows alarms by itself.
    """

    def __init__(self, scope: Construct, construct_id: str, *, key: CustomerKey, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Alerts", master_key=key, enforce_ssl=True)
        for address in settings.alert_emails:
            self.topic.add_subscription(subscriptions.EmailSubscription(address))
        self.chat = Chat(self, "Chat", key=key, settings=settings) if settings.slack_channel else None
        self.topics = [self.topic, *([self.chat.topic] if self.chat else [])]
        self._key = key
        self._let_alarms_publish(key)

    def let_publish(self, grantee: iam.IGrantable) -> None:
        """Let the grantee tell people and machines of findings."""
        for topic in self.topics:
            let(grantee, "sns:Publish", on=topic.topic_arn)
        self._key.let_through(grantee, "sns", *SENDING)

    def _let_alarms_publish(self, key: CustomerKey) -> None:
        """CDK adds neither: without both an alarm on a topic with a customer key is lost in silence (aws-cdk#11121)."""
        alarms = f"arn:{Aws.PARTITION}:cloudwatch:{Aws.REGION}:{Aws.ACCOUNT_ID}:alarm:*"
        for topic in self.topics:
            topic.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                    actions=["sns:Publish"],
                    resources=[topic.topic_arn],
                    conditions=of_this_account(alarms),
                )
            )
        key.let_service_send("cloudwatch.amazonaws.com", source=alarms)
