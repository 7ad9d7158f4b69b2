"""The CDK app as it is, but for what this machine and the emulator cannot do: run by the cdk command in a test."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent.parent), str(Path(__file__).parent.parent.parent / "lambdas")]

import aws_cdk as cdk  # noqa: E402
from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: E402

from infra.audit_stack import AuditStack  # noqa: E402
from infra.settings import settings_from  # noqa: E402
from tests.e2e.assembly import PLAIN_METRIC, UNKNOWN_TYPES, runnable_engine  # noqa: E402


def fit_for_the_emulator(stack: cdk.Stack) -> None:
    """Take from the tree what the emulator cannot make; alarms on metric math watch a plain metric instead."""
    for construct in stack.node.find_all():
        if not cdk.CfnResource.is_cfn_resource(construct):
            continue
        if construct.cfn_resource_type in UNKNOWN_TYPES:
            construct.node.scope.node.try_remove_child(construct.node.id)
        elif isinstance(construct, cloudwatch.CfnAlarm) and construct.metrics is not None:
            construct.add_property_deletion_override("Metrics")
            for name, value in PLAIN_METRIC.items():
                construct.add_property_override(name, value)


app = cdk.App()
stack = AuditStack(app, settings=settings_from(app.node.get_all_context()), engine=runnable_engine())
fit_for_the_emulator(stack)
app.synth()
