"""Tells the log objects of a bucket from what Bedrock puts beside them; knows the layout of keys, not their content."""

from __future__ import annotations

import re

MARKER = "BedrockModelInvocationLogs"
PERMISSION_CHECK = "amazon-bedrock-logs-permission-check"
_BODY = re.compile(r"_(input|output)(_media_\d+)?\.[\w.]+$")


def is_log_object(key: str) -> bool:
    """False for offloaded bodies below `data/`, permission checks and folder marks; true for anything else.

    Bodies are told by the folder they lie in, so that a prefix such as `data/logs/` hides nothing.
    """
    folders, name = key.split("/")[:-1], key.rsplit("/", 1)[-1]
    if not name or name.startswith(PERMISSION_CHECK):
        return False
    in_data = bool(folders) and folders[-1] == "data"
    return not (in_data and (MARKER in folders or _BODY.search(name)))


def hour_prefix(*, log_prefix: str, account: str, region: str, hour: str) -> str:
    """Where Bedrock puts the objects of an hour (`2026/11/23/14`, UTC), or of a day without its last part."""
    return f"{log_prefix}AWSLogs/{account}/{MARKER}/{region}/{hour}/"
