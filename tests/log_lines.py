"""Log objects as Bedrock writes them: lines of JSON, one invocation each, compressed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import Any

from tests.builders import ACCOUNT

LENDING = "Should we approve this loan for Jane Roe, 34, income 41,000, one missed payment? Answer yes or no."
HARMLESS = "What is a good name for a bakery that also lends out bicycles at the weekend?"
HOUR = f"AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/us-east-1/2026/11/23/12"


def line(asked: str = HARMLESS, *, request_id: str = "req-1", role: str = "helpdesk", **more: Any) -> str:
    """One Converse call; `more` replaces or adds top-level fields."""
    said = {"messages": [{"role": "user", "content": [{"text": asked}]}]}
    answer = {
        "output": {"message": {"role": "assistant", "content": [{"text": "Certainly."}]}},
        "stopReason": "end_turn",
    }
    record = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": "2026-11-23T12:00:00Z",
        "accountId": ACCOUNT,
        "region": "us-east-1",
        "requestId": request_id,
        "operation": "Converse",
        "modelId": "anthropic.claude-sonnet-4-5-v1:0",
        "identity": {"arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/session"},
        "input": {"inputContentType": "application/json", "inputBodyJson": said, "inputTokenCount": 20},
        "output": {"outputContentType": "application/json", "outputBodyJson": answer, "outputTokenCount": 3},
    }
    return json.dumps({**record, **more})


def log_object(lines: Iterable[str]) -> bytes:
    """The bytes of an object with these lines."""
    return gzip.compress("\n".join(lines).encode(), mtime=0)
