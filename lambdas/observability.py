"""What every function tells about its runs: structured logs, metrics and traces, and never a word of what it audits."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from bedrock_audit.aws.permissions import code_of, is_refusal
from bedrock_audit.errors import BedrockAuditError

Handler = Callable[[dict[str, Any], LambdaContext], Any]


@cache
def logger() -> Logger:
    """Structured logs; the service's name comes from the environment."""
    return Logger()


@cache
def metrics() -> Metrics:
    """Metrics in the log; the namespace comes from the environment."""
    return Metrics()


def observed(handler: Handler) -> Handler:
    """The handler with logs, metrics and traces around it, made at the first call and not when it is imported."""

    @cache
    def made() -> Handler:
        traced = Tracer(patch_modules=["botocore"]).capture_lambda_handler(
            handler, capture_response=False, capture_error=False
        )
        measured: Handler = metrics().log_metrics(traced, capture_cold_start_metric=True)
        return logger().inject_lambda_context(measured)

    @wraps(handler)
    def run(event: dict[str, Any], context: LambdaContext) -> Any:
        return made()(event, context)

    return run


def told_safely(error: Exception) -> str:
    """What may be said of an error: ours and AWS's refusals in full, of others only what they are and where they arose.

    The text of an unexpected error may quote what was being read.
    """
    if isinstance(error, BedrockAuditError) or (isinstance(error, ClientError) and is_refusal(error)):
        return str(error)
    name = f"{error.operation_name}: {code_of(error)}" if isinstance(error, ClientError) else type(error).__name__
    places = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{name} at " + " < ".join(f"{Path(place.filename).stem}:{place.lineno}" for place in reversed(places))
