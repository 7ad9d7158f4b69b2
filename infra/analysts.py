"""What people need to read with `bedrock-audit --aws`, and what those who decide need beside it; nothing more."""

from __future__ import annotations

from aws_cdk import Aws, CfnOutput, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.findings_store import FindingsStore
from infra.use_cases import UseCases


class Analysts(Construct):
    """Managed policies to attach to whoever answers for the use of AI; they open no prompt or completion.

    Who decides needs both: findings, use cases, silences and reviews are changed by writing whole items.
    """

    def __init__(self, scope: Construct, construct_id: str, *, findings: FindingsStore, use_cases: UseCases) -> None:
        super().__init__(scope, construct_id)
        policy = iam.ManagedPolicy(
            self, "ReadOnly", description="Read findings, coverage and use cases of bedrock-audit"
        )
        for table in (findings.findings, findings.ledger, use_cases.table):
            table.let_read(policy)
        policy.add_statements(
            iam.PolicyStatement(actions=["cloudformation:DescribeStacks"], resources=[_by_name(Stack.of(self))])
        )
        deciding = iam.ManagedPolicy(
            self, "Deciding", description="Decide about findings, use cases, silences and reviews of bedrock-audit"
        )
        for table in (findings.findings, findings.ledger, use_cases.table):
            table.let(deciding, "dynamodb:PutItem")
        self._tell("AnalystPolicy", policy, "Attach this to those who read findings, coverage and use cases")
        self._tell("DeciderPolicy", deciding, "Attach this, beside AnalystPolicy, to those who decide about them")

    def _tell(self, name: str, policy: iam.ManagedPolicy, description: str) -> None:
        CfnOutput(Stack.of(self), name, value=policy.managed_policy_arn, description=description)


def _by_name(stack: Stack) -> str:
    """Who asks for a stack by its name is not checked against its full id."""
    return f"arn:{Aws.PARTITION}:cloudformation:{Aws.REGION}:{Aws.ACCOUNT_ID}:stack/{stack.stack_name}/*"
