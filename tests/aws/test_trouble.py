"""What AWS answers instead of doing it, as one sentence and exit code 2: 1 would mean that there are findings."""

from __future__ import annotations

import click
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from click.testing import CliRunner

from bedrock_audit.cli.ending import told

REFUSED = "User: arn:aws:iam::1:user/ana is not authorized to perform: dynamodb:PutItem"


def answer(code, said=""):
    return ClientError({"Error": {"Code": code, "Message": said}}, "TransactWriteItems")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        pytest.param(
            answer("AccessDeniedException", REFUSED),
            f"permissions: TransactWriteItems is refused ({REFUSED}); docs/operator-guide.md names the policies",
            id="refused",
        ),
        pytest.param(
            answer("ExpiredTokenException"),
            "AWS credentials: they are expired or not known (ExpiredTokenException); sign in again",
            id="signed out",
        ),
        pytest.param(
            answer("ResourceNotFoundException", "no such table\nat all"),
            r"AWS: TransactWriteItems failed with ResourceNotFoundException (no such table\x0aat all)",
            id="anything else",
        ),
        pytest.param(
            EndpointConnectionError(endpoint_url="https://dynamodb"),
            'AWS: Could not connect to the endpoint URL: "https://dynamodb"',
            id="no connection",
        ),
    ],
)
def test_what_aws_answers_is_one_line(trouble, said):
    @click.command()
    def ask():
        with told():
            raise trouble

    result = CliRunner().invoke(ask)

    assert (result.exit_code, result.stderr) == (2, f"Error: {said}\n")


def test_our_own_mistakes_stay_what_they_are():
    with pytest.raises(ZeroDivisionError), told():
        1 / 0  # noqa: B018
