"""Synthesises the stack for a context, once per variant, with a small folder in place of the engine."""

from __future__ import annotations

import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")

ROOT = Path(__file__).parent.parent.parent
EXISTING_BUCKET = {"log_bucket": "their-logs", "log_bucket_key": "arn:aws:kms:us-east-1:123456789012:key/abc"}
FROM_LOG_GROUP = {"log_source": "cloudwatch", "log_group": "bedrock/all"}
EVERY_CHANNEL = {
    "alert_emails": "on-call@example.com",
    "webhook_secrets": "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack-AbCdEf",
    "event_bus": "default",
    "slack_workspace": "T00000000",
    "slack_channel": "C00000000",
    "athena": "true",
}
VARIANTS = {
    "own bucket": {},
    "existing bucket": EXISTING_BUCKET,
    "log group": FROM_LOG_GROUP,
    "every channel": EVERY_CHANNEL,
}


def stack(app: Any, *, engine: Path | None = None, **given: Any) -> Any:
    """The stack in `app`, for settings given by their names with underscores."""
    from infra.audit_stack import AuditStack
    from infra.settings import PREFIX, settings_from

    context = {PREFIX + name.replace("_", "-"): value for name, value in given.items()}
    return AuditStack(app, settings=settings_from(context), engine=engine or _engine())


def an_app(outdir: str | None = None) -> Any:
    """An app with the feature flags of the project."""
    import aws_cdk as cdk

    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    return cdk.App(context={**flags, "aws:cdk:enable-path-metadata": True}, outdir=outdir)


def template(**given: Any) -> dict[str, Any]:
    """The synthesised template; the same settings are synthesised once."""
    return _template(json.dumps(given, sort_keys=True))


@cache
def _template(given: str) -> dict[str, Any]:
    app = an_app()
    made = stack(app, **json.loads(given))
    return app.synth().get_stack_by_name(made.stack_name).template


@cache
def _engine() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="engine-"))
    (folder / "audit_log_object.py").write_text("# stands for the engine\n")
    return folder
