"""CloudFormation's protocol for custom resources: a request in, exactly one answer out, whatever happens.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any
from urllib.request import Request, urlopen

import msgspec

from bedrock_audit.aws.permissions import RefusedError
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.record import Value

NEVER_MADE = "never-made"
BETWEEN_TRIES = 5
LONGEST_REASON = 1000
"""CloudFormation takes answers of up to 4096 bytes."""


class Step(StrEnum):
    """What CloudFormation wants done."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


class ResourceRequest(Value, frozen=True, rename="pascal"):
    """What CloudFormation sends; `resource_properties` holds text only, whatever the template says."""

    request_type: Step
    response_url: str = msgspec.field(name="ResponseURL")
    stack_id: str
    request_id: str
    logical_resource_id: str
    resource_type: str
    resource_properties: dict[str, Any]
    physical_resource_id: str = NEVER_MADE


class _Answer(Value, frozen=True, rename="pascal"):
    status: str
    reason: str
    stack_id: str
    request_id: str
    logical_resource_id: str
    physical_resource_id: str


def answered(
    request: ResourceRequest, work: Callable[[], str], *, send: Callable[[str, bytes], None] | None = None
) -> None:
    """Do the work, which returns the resource's physical id, and tell CloudFormation how it went.

    Our own errors say what to do and are told as they are; anything else is told and raised.
    """
    send = send or _put
    try:
        made = work()
    except BedrockAuditError as error:
        send(request.response_url, _answer(request, physical_id=request.physical_resource_id, trouble=str(error)))
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"
        send(request.response_url, _answer(request, physical_id=request.physical_resource_id, trouble=trouble))
        raise
    else:
        send(request.response_url, _answer(request, physical_id=made))


def patiently(work: Callable[[], str], *, seconds: int, sleep: Callable[[float], None] = time.sleep) -> str:
    """Do the work, again for some seconds if it is refused: IAM takes a while until a role made just now may act."""
    for _ in range(seconds // BETWEEN_TRIES):
        try:
            return work()
        except RefusedError:
            sleep(BETWEEN_TRIES)
    return work()


def _answer(request: ResourceRequest, *, physical_id: str, trouble: str = "") -> bytes:
    return msgspec.json.encode(
        _Answer(
            status="FAILED" if trouble else "SUCCESS",
            reason=trouble[:LONGEST_REASON],
            stack_id=request.stack_id,
            request_id=request.request_id,
            logical_resource_id=request.logical_resource_id,
            physical_resource_id=physical_id,
        )
    )


def _put(url: str, body: bytes) -> None:
    """The URL is signed for a request without a content type."""
    request = Request(url, data=body, method="PUT", headers={"Content-Type": ""})  # noqa: S310 - CloudFormation's URL
    with urlopen(request, timeout=20):  # noqa: S310
        pass
