from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from bedrock_audit.errors import ConfigurationError
from observability import told_safely

PROMPT = "my secret prompt"


def raised(error):
    try:
        raise error
    except type(error) as caught:
        return caught


@pytest.mark.parametrize(
    ("error", "told"),
    [
        pytest.param(ConfigurationError("is not set", source="environment"), "environment: is not set", id="ours"),
        pytest.param(
            ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized: s3:GetObject"}}, "GetObject"),
            "not authorized: s3:GetObject",
            id="a refusal of AWS's",
        ),
        pytest.param(
            ClientError({"Error": {"Code": "ValidationException", "Message": PROMPT}}, "PutItem"),
            "PutItem: ValidationException at test_observability:",
            id="another error of AWS's",
        ),
        pytest.param(ValueError(f"cannot read {PROMPT}"), "ValueError at test_observability:", id="any other"),
    ],
)
def test_an_error_is_told_without_what_it_may_quote(error, told):
    said = told_safely(raised(error))

    assert told in said
    assert PROMPT not in said
