"""Turns AWS's many ways of saying no into one sentence that names the action and the resource."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from bedrock_audit.errors import ConfigurationError

REFUSALS = frozenset(
    {
        *("AccessDenied", "AccessDeniedException", "403", "Forbidden", "AuthorizationError"),
        *("KMS.AccessDeniedException", "KMSAccessDenied", "KmsAccessDenied"),
    }
)
"""S3's, most services', a bare status of S3's, SNS's; and what SQS and SNS call a key that may not be used."""


def is_refusal(error: ClientError) -> bool:
    """Whether AWS said that the caller may not."""
    return code_of(error) in REFUSALS


def code_of(error: ClientError) -> str:
    """AWS's short name of the error."""
    return error.response.get("Error", {}).get("Code", "")


class RefusedError(ConfigurationError):
    """A permission is missing, or is so new that it has not spread yet."""


@contextmanager
def needing(action: str, resource: str) -> Iterator[None]:
    """Raise RefusedError naming `action` and `resource` if what happens inside is refused."""
    try:
        yield
    except ClientError as error:
        if not is_refusal(error):
            raise
        said = error.response["Error"].get("Message", "")
        raise RefusedError(f"{action} on {resource} is refused ({said})", source="permissions") from error
