"""Reads what StartAsyncInvoke puts around a native request, and answers: what it makes is put into S3."""

from __future__ import annotations

from typing import Any

from bedrock_audit.normalise.reading import Reading
from bedrock_audit.normalise.shape import Family, Shape
from bedrock_audit.record import PartKind, Role

INNER = "modelInput"
_REQUEST = frozenset({INNER, "outputDataConfig", "tags"})
_RESPONSE = frozenset({"failureMessage"})
_WORDS = frozenset(
    {"modelId", "modelArn", "invocationArn", "clientRequestToken", "submitTime", "lastModifiedTime", "endTime"}
)


def read_around(body: dict[str, Any], reading: Reading) -> None:
    """What stands around the native request, at which `reading` then is."""
    at = reading.at
    for key in ("outputDataConfig", "tags"):
        reading.say_json(body.get(key), f"{at}/{key}", role=Role.UNKNOWN, kind=PartKind.PARAMETER)
    reading.rest(body, _REQUEST, at, words=_WORDS)
    reading.at = f"{at}/{INNER}"


def response(body: dict[str, Any], reading: Reading) -> None:
    """An ARN says nothing; a failure's message does."""
    failure, place = body.get("failureMessage"), f"{reading.at}/failureMessage"
    reading.say(failure, place, role=Role.UNKNOWN, turn=reading.turn)
    reading.rest(body, _RESPONSE, reading.at, turn=reading.turn, words=_WORDS)


FAMILY = Family(
    responses=(Shape(name="async-invocation", keys=frozenset({"invocationArn"}), read=response),),
)
