"""The CDK app: settings from context, one stack; `cdk deploy` starts here. Asks nothing of AWS."""

from __future__ import annotations

import sys
from pathlib import Path

import aws_cdk as cdk

from bedrock_audit.errors import ConfigurationError
from infra.audit_stack import AuditStack
from infra.engine_bundle import engine_bundle
from infra.settings import settings_from

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Synthesise the stack that the context describes, or say in one line why not."""
    app = cdk.App()
    try:
        settings = settings_from(app.node.get_all_context())
        clauses = Path(settings.clauses) if settings.clauses else None
        routes = Path(settings.routes) if settings.routes else None
        AuditStack(app, settings=settings, engine=engine_bundle(ROOT, clauses=clauses, routes=routes))
    except ConfigurationError as error:
        sys.exit(f"bedrock-audit: {error}")
    app.synth()


if __name__ == "__main__":
    main()
