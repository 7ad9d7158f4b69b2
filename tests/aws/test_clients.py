from __future__ import annotations

import pytest

from bedrock_audit.aws.clients import session
from bedrock_audit.errors import ConfigurationError


@pytest.fixture(autouse=True)
def no_account(monkeypatch, tmp_path):
    """A machine on which nobody has signed in."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def signed_in(monkeypatch):
    """Credentials, and no Region yet."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


def test_without_credentials_the_way_in_is_named():
    with pytest.raises(ConfigurationError, match=r"AWS credentials: there are none; .*--profile"):
        session(profile=None, region="us-east-1")


def test_a_profile_that_is_not_there_is_named():
    with pytest.raises(ConfigurationError, match="audit-team"):
        session(profile="audit-team", region="us-east-1")


def test_without_a_region_the_option_is_named(signed_in):
    with pytest.raises(ConfigurationError, match=r"AWS Region: is not known; .*--region"):
        session(profile=None, region=None)


def test_the_region_that_is_named_counts(signed_in, monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    assert session(profile=None, region="eu-central-1").region_name == "eu-central-1"
