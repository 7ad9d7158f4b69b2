"""Where findings are kept, and the ledger of what was audited and used."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from constructs import Construct

from bedrock_audit.aws import tables
from infra.customer_key import CustomerKey
from infra.kept_table import KeptTable
from infra.settings import Settings


class FindingsStore(Construct):
    """`findings` streams every change, so that alerts follow from what is stored; `ledger` is its companion."""

    def __init__(self, scope: Construct, construct_id: str, *, key: CustomerKey, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        self.findings = KeptTable(self, "Findings", definition=tables.FINDINGS, key=key, settings=settings)
        self.ledger = KeptTable(self, "Ledger", definition=tables.LEDGER, key=key, settings=settings)

    def let_record(self, grantee: iam.IGrantable) -> None:
        """Let the grantee keep findings and note what was audited."""
        self.let_keep_findings(grantee)
        self.ledger.let_record(grantee)

    def let_give_up(self, grantee: iam.IGrantable) -> None:
        """Let the grantee keep findings about objects that the ledger says were not audited."""
        self.let_keep_findings(grantee)
        self.ledger.let(grantee, "dynamodb:GetItem")

    def let_keep_findings(self, grantee: iam.IGrantable) -> None:
        """Let the grantee keep findings: each is read and written by its key alone, as evidence is added to it."""
        self.findings.let(grantee, "dynamodb:GetItem", "dynamodb:PutItem")
