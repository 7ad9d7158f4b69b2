"""Turns what AWS answers instead of doing it into a sentence for a person: no permission, no session, no connection."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from bedrock_audit.aws.permissions import code_of, is_refusal

ERRORS = (ClientError, BotoCoreError)
SIGNED_OUT = frozenset(
    {
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"),
        *("InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    }
)


def sentence(error: ClientError | BotoCoreError) -> str:
    """What happened, in AWS's own words where these help, and what to do about it."""
    if not isinstance(error, ClientError):
        return f"AWS: {error}"
    said = error.response.get("Error", {}).get("Message", "")
    if is_refusal(error):
        return f"permissions: {error.operation_name} is refused ({said}); docs/operator-guide.md names the policies"
    if code_of(error) in SIGNED_OUT:
        return f"AWS credentials: they are expired or not known ({code_of(error)}); sign in again"
    return f"AWS: {error.operation_name} failed with {code_of(error)} ({said})"
