"""Findings in a Slack channel through Amazon Q Developer in chat applications, for those who prefer it to a webhook."""

from __future__ import annotations

from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra.customer_key import CustomerKey
from infra.settings import Settings


class Chat(Construct):
    """A channel with a topic of its own, since it drops messages of any schema but its own.

    Without guardrail policies whoever writes in the channel may do what AdministratorAccess may; here, nothing.
    https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, key: CustomerKey, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        nothing = iam.ManagedPolicy.from_aws_managed_policy_name("AWSDenyAll")
        chatbot.SlackChannelConfiguration(
            self,
            "Channel",
            slack_channel_configuration_name=f"{settings.stack_name}-alerts",
            slack_workspace_id=settings.slack_workspace or "",
            slack_channel_id=settings.slack_channel or "",
            notification_topics=[self.topic],
            role=iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("chatbot.amazonaws.com")),
            guardrail_policies=[nothing],
        )
