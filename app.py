"""The CDK app: settings from context, one stack; `cdk deploy` starts here. Asks nothing of AWS."""

from __future__ import annotations

import sys
from pathlib import Path

import aws_cdk as cdk

from bedrock_audit.errors import ConfigurationError
from infra.audit_stack import AuditStack
from infra.engine_bundle import engine_bundle
from infra.settings import PREFIX, SOURCE, settings_from

ROOT = Path(__file__).resolve().parent


def synthesise(app: cdk.App) -> None:
    """Synthesise the stack that the app's context describes, or say in one line why not."""
    try:
        settings = settings_from(app.node.get_all_context())
        clauses, routes = _there("clauses", settings.clauses), _there("routes", settings.routes)
        AuditStack(app, settings=settings, engine=engine_bundle(ROOT, clauses=clauses, routes=routes))
    except ConfigurationError as error:
        sys.exit(f"bedrock-audit: {error}")
    app.synth()


def _there(setting: str, path: str | None) -> Path | None:
    """The place that a setting names; what is wrong inside of it is told by its file and line."""
    if not path:
        return None
    if not Path(path).exists():
        raise ConfigurationError(f"{path} is not there", source=SOURCE, key=PREFIX + setting)
    return Path(path)


if __name__ == "__main__":
    synthesise(cdk.App())
