from __future__ import annotations

import pytest

from bedrock_audit.aws.log_keys import hour_prefix, is_log_object

HOUR = "AWSLogs/123456789012/BedrockModelInvocationLogs/eu-central-1/2026/11/23/14"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(f"{HOUR}/20261123T140501123Z_ab12.json.gz", True, id="a batch of records"),
        pytest.param(f"data/logs/{HOUR}/20261123T140501Z_ab12.json.gz", True, id="below a prefix that is called data"),
        pytest.param(f"{HOUR}/a-name-nobody-has-seen-yet.json", True, id="a new kind of name"),
        pytest.param("exports/monday.jsonl", True, id="a log that somebody exported"),
        pytest.param("data/monday.jsonl", True, id="an export in a folder called data"),
        pytest.param(f"{HOUR}/data/1f2e_input.json.gz", False, id="an offloaded input"),
        pytest.param(f"{HOUR}/data/1f2e_output.json.gz", False, id="an offloaded output"),
        pytest.param(f"{HOUR}/data/1f2e_input_media_00.pdf", False, id="a document sent along"),
        pytest.param("moved/data/1f2e_input.json.gz", False, id="a body outside Bedrock's layout"),
        pytest.param(f"{HOUR}/amazon-bedrock-logs-permission-check", False, id="a permission check"),
        pytest.param("amazon-bedrock-logs-permission-check.json", False, id="a permission check at the top"),
        pytest.param(f"{HOUR}/", False, id="a folder mark"),
    ],
)
def test_log_objects_are_told_from_what_lies_beside_them(key, expected):
    assert is_log_object(key) is expected


def test_an_hour_is_below_the_prefix_of_the_log():
    assert hour_prefix(log_prefix="audit/", account="1", region="eu-central-1", hour="2026/11/23/14") == (
        "audit/AWSLogs/1/BedrockModelInvocationLogs/eu-central-1/2026/11/23/14/"
    )
