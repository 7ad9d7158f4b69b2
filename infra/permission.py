"""Lets a function do what it does, and nothing beside it."""

from __future__ import annotations

from aws_cdk import aws_iam as iam


def let(grantee: iam.IGrantable, *actions: str, on: str) -> None:
    """Allow the actions on one resource."""
    allowed = iam.PolicyStatement(actions=list(actions), resources=[on])
    grantee.grant_principal.add_to_principal_policy(allowed)
