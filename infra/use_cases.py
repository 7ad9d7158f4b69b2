"""Where approved use cases and suppressions are kept; people write them, the auditor asks."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from constructs import Construct

from bedrock_audit.aws import tables
from infra.customer_key import CustomerKey
from infra.kept_table import KeptTable
from infra.settings import Settings


class UseCases(Construct):
    """`table` holds every version of every use case."""

    def __init__(self, scope: Construct, construct_id: str, *, key: CustomerKey, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.table = KeptTable(self, "UseCases", definition=tables.USE_CASES, key=key, settings=settings)

    def let_ask(self, grantee: iam.IGrantable) -> None:
        """Let the grantee read the registry."""
        self.table.let(grantee, "dynamodb:Query")
