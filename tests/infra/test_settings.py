from __future__ import annotations

import pytest

from bedrock_audit.errors import ConfigurationError
from infra.setting_forms import FORMS, in_words
from infra.settings import LogSource, Settings, settings_from


def given(**settings):
    return settings_from({"bedrock-audit:" + name.replace("_", "-"): value for name, value in settings.items()})


def test_nothing_has_to_be_set():
    assert settings_from({}) == Settings()


def test_what_others_put_into_the_context_is_left_alone():
    assert settings_from({"@aws-cdk/core:x": True, "their:setting": "1", "vpc": "v"}) == Settings()


def test_values_from_the_command_line_are_text():
    settings = given(concurrency="5", deletion_protection="false", alert_emails="a@x.org, b@x.org", tags="team=ai,a=b")

    assert (settings.concurrency, settings.deletion_protection) == (5, False)
    assert settings.alert_emails == ("a@x.org", "b@x.org")
    assert settings.tags == {"team": "ai", "a": "b"}


def test_values_from_a_file_have_their_types():
    settings = given(concurrency=5, deletion_protection=False, alert_emails=["a@x.org"], tags={"team": "ai"})

    assert settings == given(concurrency="5", deletion_protection="false", alert_emails="a@x.org", tags="team=ai")


def test_a_prefix_ends_where_the_logs_begin():
    assert given(log_prefix="bedrock").log_prefix == given(log_prefix="bedrock/").log_prefix == "bedrock/"


def test_no_concurrency_need_be_reserved():
    assert given(concurrency="0").concurrency == 0


def test_a_log_group_can_be_the_source():
    settings = given(log_source="cloudwatch", log_group="/bedrock/all")

    assert (settings.log_source, settings.log_group) == (LogSource.CLOUDWATCH, "/bedrock/all")


def test_every_form_is_told_in_words():
    """A pattern says nothing to whoever mistyped a name."""
    assert all(form.description for form in FORMS)
    assert in_words(f"Expected `str` matching regex {FORMS[0].pattern!r}") == "must be an account's twelve digits"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param({"log_buckets": "x"}, "bedrock-audit:log-buckets: .*did you mean log-bucket", id="a typing error"),
        pytest.param({"pets": "x"}, "bedrock-audit:pets: no such setting", id="an unknown setting"),
        pytest.param({"log_bucket": "My_Bucket"}, "bedrock-audit:log-bucket: ", id="a bucket no one can have"),
        pytest.param({"log_bucket": "a..b"}, "bedrock-audit:log-bucket: must be the name of a bucket", id="two dots"),
        pytest.param(
            {"log_prefix": "*/logs"}, "bedrock-audit:log-prefix: must be what keys", id="a wildcard in a prefix"
        ),
        pytest.param({"log_prefix": "/logs"}, "bedrock-audit:log-prefix: must be what keys", id="a slash in front"),
        pytest.param({"tags": "team"}, "bedrock-audit:tags: must be of the form name=value", id="a tag without value"),
        pytest.param({"tags": "aws:team=ai"}, "bedrock-audit:tags: must be the name of a tag", id="a tag of AWS's own"),
        pytest.param({"alert_emails": "a@x.org,a@x.org"}, "bedrock-audit:alert-emails: names .* twice", id="one twice"),
        pytest.param({"account": 123456789012}, "bedrock-audit:account: ", id="an account as a number"),
        pytest.param({"account": "12"}, "bedrock-audit:account: ", id="an account that is too short"),
        pytest.param({"region": "Frankfurt"}, "bedrock-audit:region: ", id="no Region"),
        pytest.param(
            {"log_source": "kinesis"},
            "log-source: must be one of s3, cloudwatch, not .kinesis",
            id="a source we do not know",
        ),
        pytest.param({"alert_emails": "nobody"}, "bedrock-audit:alert-emails: ", id="no address"),
        pytest.param({"memory_mb": "512"}, "bedrock-audit:memory-mb: .*>= 1024", id="too little memory"),
        pytest.param({"timeout_seconds": "901"}, "bedrock-audit:timeout-seconds: .*<= 900", id="longer than Lambda"),
        pytest.param({"concurrency": "many"}, "bedrock-audit:concurrency: ", id="a number in words"),
        pytest.param({"concurrency": "1"}, "bedrock-audit:concurrency: ", id="fewer than SQS allows"),
        pytest.param(
            {"function_log_retention_days": "100"},
            "function-log-retention-days: must be one of 7, 14",
            id="days AWS lacks",
        ),
        pytest.param(
            {"deletion_protection": "perhaps"}, "deletion-protection: must be true or false, not", id="no yes or no"
        ),
        pytest.param({"log_group": "g"}, "bedrock-audit:log-group: .*log-source", id="a log group beside a bucket"),
        pytest.param({"log_source": "cloudwatch"}, "bedrock-audit:log-group: .*must name", id="no log group"),
        pytest.param(
            {"log_source": "cloudwatch", "log_group": "g", "log_bucket": "their-logs"},
            "bedrock-audit:log-bucket: ",
            id="two sources",
        ),
        pytest.param(
            {"log_bucket_key": "arn:aws:kms:us-east-1:123456789012:key/a"},
            "bedrock-audit:log-bucket-key: ",
            id="a key without its bucket",
        ),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_the_setting(wrong, told):
    with pytest.raises(ConfigurationError, match="CDK context: .*" + told):
        given(**wrong)
