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

    `uses_on` gives the uses stored so far for a use case id and a day (ISO date, UTC), whoever found them. `written_at`
    is when the object was written: what has no readable time of its own happened then, and still then when it is
    audited again.
    """

    registry: Registry
    suppressions: tuple[Suppression, ...]
    policy_version: str
    engine_version: str
    now: datetime
    origin: Origin
    uses_on: Callable[[str, str], int]
    written_at: datetime | None = None

    def time_of(self, record: InvocationRecord) -> datetime:
        """When the record's call was made, as far as can be told."""
        return record.timestamp or self.undated

    @property
    def undated(self) -> datetime:
        """The time of what has none."""
        return self.written_at or self.now
