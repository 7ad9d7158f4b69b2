"""What a verdict depends on beside the record: the registry, suppressions and policy in force, and the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bedrock_audit.finding import Origin
from bedrock_audit.lifecycle import Suppression
from bedrock_audit.record import InvocationRecord, Value
from bedrock_audit.use_case import Registry


class Context(Value, frozen=True):
    """What holds while one object is audited.

    `usage_today` gives the uses recorded so far for a use case id and a day (ISO date, UTC).
    """

    registry: Registry
    suppressions: tuple[Suppression, ...]
    policy_version: str
    engine_version: str
    now: datetime
    origin: Origin
    usage_today: Callable[[str, str], int]

    def time_of(self, record: InvocationRecord) -> datetime:
        """When the record's call was made, as far as can be told."""
        return record.timestamp or self.now
