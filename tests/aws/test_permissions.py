from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from bedrock_audit.aws.permissions import needing
from bedrock_audit.errors import ConfigurationError


def error(code):
    return ClientError({"Error": {"Code": code, "Message": "said AWS"}}, "Operation")


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "AuthorizationError", "KmsAccessDenied"])
def test_a_refusal_names_what_is_needed_and_what_aws_said(code):
    with (
        pytest.raises(ConfigurationError, match=r"permissions: s3:GetObject on arn:x is refused \(said AWS\)"),
        needing("s3:GetObject", "arn:x"),
    ):
        raise error(code)


@pytest.mark.parametrize("code", ["NoSuchKey", "SlowDown", "ValidationException"])
def test_other_trouble_stays_what_it_is(code):
    with pytest.raises(ClientError, match=code), needing("s3:GetObject", "arn:x"):
        raise error(code)
