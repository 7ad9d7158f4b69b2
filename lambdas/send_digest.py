"""Sends what is said on schedule: the digest of quiet and repeated findings, the daily summary, the heartbeat."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from digest_desk import DigestDesk
from needs import DigestSettings
from observability import observed
from settings import settings_of


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """`{"digest": "repeats"}` or `{"digest": "daily"}` from the scheduler; raises if a channel does not take it."""
    desk = DigestDesk(settings_of(DigestSettings))
    if event["digest"] == "daily":
        desk.daily()
    else:
        desk.repeats()
        desk.heartbeat()
