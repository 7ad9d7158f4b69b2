from __future__ import annotations

import boto3
import msgspec
import pytest

from bedrock_audit.aws.logging_setup.bedrock_logging import BedrockLogging
from bedrock_audit.aws.logging_setup.configuration import (
    CloudWatchDestination,
    LoggingConfiguration,
    S3Destination,
)
from bedrock_audit.aws.logging_setup.memory import ParameterMemory
from bedrock_audit.aws.logging_setup.plan import Source, Wanted
from bedrock_audit.errors import ConfigurationError
from tests.aws.logging_setup.account import FLAGS, Account, refusal

OURS = Wanted(source=Source.S3, bucket="ours")
LOG_GROUP = Wanted(source=Source.CLOUDWATCH, log_group="bedrock/all")
ROLE = "arn:aws:iam::123456789012:role/bedrock-to-cloudwatch"
TO_LOG_GROUP = {"logGroupName": "bedrock/all", "roleArn": ROLE}


def setup_of(account, *, sleeps=None):
    memory = ParameterMemory(account, path="/bedrock-audit/BedrockAudit")
    return BedrockLogging(account, memory=memory, sleep=(sleeps if sleeps is not None else []).append)


def to_bucket(name, prefix=""):
    return {"s3Config": {"bucketName": name, **({"keyPrefix": prefix} if prefix else {})}, **FLAGS}


def test_where_nothing_is_logged_everything_is_from_now_on():
    account = Account()

    setup_of(account).establish(OURS)

    assert account.logging == to_bucket("ours")


def test_what_was_switched_on_is_switched_off_again():
    account = Account()
    setup = setup_of(account)
    setup.establish(OURS)

    setup.release()

    assert (account.logging, account.parameters) == (None, {})


def test_a_log_group_beside_the_bucket_stays():
    found = {"cloudWatchConfig": TO_LOG_GROUP, "textDataDeliveryEnabled": True, "imageDataDeliveryEnabled": False}
    account = Account(found)
    setup = setup_of(account)

    setup.establish(OURS)

    assert account.logging == {"cloudWatchConfig": TO_LOG_GROUP, **to_bucket("ours")}
    setup.release()
    assert account.logging == found


def test_a_configuration_that_suits_is_adopted_untouched():
    account = Account(to_bucket("theirs", "audit"))
    setup = setup_of(account)

    setup.establish(Wanted(source=Source.S3, bucket="theirs", prefix="audit/"))
    setup.release()

    assert (account.requests, account.logging) == ([], to_bucket("theirs", "audit"))


def test_content_that_was_not_delivered_is_and_then_is_not_again():
    found = {"s3Config": {"bucketName": "theirs"}, "textDataDeliveryEnabled": False}
    account = Account(found)
    setup = setup_of(account)

    setup.establish(Wanted(source=Source.S3, bucket="theirs"))

    assert account.logging == to_bucket("theirs")
    setup.release()
    assert account.logging == found


@pytest.mark.parametrize(
    ("prefix", "told"),
    [("", "bedrock-audit:log-bucket=theirs$"), ("audit", "bedrock-audit:log-bucket=theirs and .*log-prefix=audit$")],
    ids=["without a prefix", "with a prefix"],
)
def test_another_bucket_is_never_replaced_but_named(prefix, told):
    account = Account(to_bucket("theirs", prefix))

    with pytest.raises(ConfigurationError, match=told):
        setup_of(account).establish(OURS)

    assert (account.requests, account.parameters) == ([], {})


def test_a_refused_setup_has_nothing_to_release():
    account = Account(to_bucket("theirs"))
    setup = setup_of(account)
    with pytest.raises(ConfigurationError):
        setup.establish(OURS)

    setup.release()

    assert account.logging == to_bucket("theirs")


def test_what_somebody_else_configured_since_is_left_alone():
    account = Account()
    setup = setup_of(account)
    setup.establish(OURS)
    account.logging = to_bucket("theirs")

    setup.release()

    assert (account.logging, account.parameters) == (to_bucket("theirs"), {})


def test_establishing_twice_still_remembers_what_was_found_first():
    found = {"cloudWatchConfig": TO_LOG_GROUP}
    account = Account(found)
    setup = setup_of(account)
    setup.establish(OURS)
    setup.establish(OURS)

    setup.release()

    assert account.logging == found


def test_a_crash_before_the_change_leaves_nothing_to_undo():
    found = {"cloudWatchConfig": TO_LOG_GROUP}
    account = Account(found)
    account.trouble = refusal("InternalServerException")
    setup = setup_of(account)
    with pytest.raises(Exception, match="InternalServerException"):
        setup.establish(OURS)
    account.trouble = None

    setup.release()

    assert (account.logging, account.requests) == (found, ["put logging"])


def test_an_update_moves_our_own_destination():
    account = Account()
    setup = setup_of(account)
    setup.establish(OURS)

    setup.establish(Wanted(source=Source.S3, bucket="other"))

    assert account.logging == to_bucket("other")
    setup.release()
    assert account.logging is None


def test_an_update_does_not_move_what_was_adopted():
    """Logs that went to their bucket before us go there until its owner says otherwise."""
    found = {"s3Config": {"bucketName": "theirs"}, "textDataDeliveryEnabled": True}
    account = Account(found)
    setup = setup_of(account)
    setup.establish(Wanted(source=Source.S3, bucket="theirs"))

    with pytest.raises(ConfigurationError, match=r"bedrock-audit:log-bucket=theirs$"):
        setup.establish(OURS)

    assert account.logging == to_bucket("theirs")
    setup.release()
    assert account.logging == found


def test_an_update_to_a_log_group_takes_our_bucket_out_again():
    found = {"cloudWatchConfig": TO_LOG_GROUP, **FLAGS}
    account = Account(found)
    setup = setup_of(account)
    setup.establish(OURS)

    setup.establish(LOG_GROUP)

    assert account.logging == found


def test_a_bucket_beside_the_log_group_stays_when_the_log_group_is_audited():
    found = {"cloudWatchConfig": TO_LOG_GROUP, **to_bucket("theirs")}
    account = Account(found)

    setup_of(account).establish(LOG_GROUP)

    assert account.logging == found


def test_a_reading_that_is_late_does_not_keep_us_from_restoring():
    """Bedrock may still answer with the configuration from before right after the change."""
    found = {"cloudWatchConfig": TO_LOG_GROUP}
    account = Account(found)
    setup = setup_of(account)
    account.late_readings = 1
    setup.establish(OURS)

    setup.release()

    assert account.logging == found


def test_a_policy_that_has_not_spread_yet_is_waited_for():
    account = Account()
    account.unready = 3
    sleeps = []

    setup_of(account, sleeps=sleeps).establish(OURS)

    assert (account.logging, len(sleeps)) == (to_bucket("ours"), 3)


def test_a_bucket_that_stays_closed_is_named_with_what_bedrock_said():
    account = Account()
    account.unready = 1000

    with pytest.raises(ConfigurationError, match=r"Failed to validate permissions .* s3://ours/.*operator guide"):
        setup_of(account).establish(OURS)


def test_a_role_that_may_not_be_passed_is_named_with_the_setting():
    account = Account({"cloudWatchConfig": TO_LOG_GROUP})
    account.trouble = refusal("AccessDeniedException", "iam:PassRole")

    with pytest.raises(ConfigurationError, match=f"iam:PassRole on {ROLE} .*bedrock-audit:logging-role={ROLE}"):
        setup_of(account).establish(OURS)


def test_a_log_group_is_adopted_as_it_is():
    account = Account({"cloudWatchConfig": TO_LOG_GROUP, **FLAGS})

    setup_of(account).establish(LOG_GROUP)

    assert account.requests == []


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(None, "no log group is configured", id="nothing is logged"),
        pytest.param(to_bucket("theirs"), "no log group is configured", id="only a bucket"),
        pytest.param(
            {"cloudWatchConfig": {**TO_LOG_GROUP, "logGroupName": "other"}},
            "set bedrock-audit:log-group=other",
            id="another log group",
        ),
    ],
)
def test_a_log_group_that_gets_no_logs_is_not_subscribed(found, told):
    with pytest.raises(ConfigurationError, match=told):
        setup_of(Account(found)).establish(LOG_GROUP)


def test_the_value_holds_all_that_can_be_configured():
    """A field that a newer API has and we lack would be lost when a configuration is put back."""
    service = boto3.client("bedrock", region_name="us-east-1").meta.service_model

    def members(shape):
        return {name: members(part) for name, part in shape.members.items()} if hasattr(shape, "members") else {}

    def fields(kind):
        nested = {"s3Config": S3Destination, "cloudWatchConfig": CloudWatchDestination}
        nested["largeDataDeliveryS3Config"] = S3Destination
        names = [field.encode_name for field in msgspec.structs.fields(kind)]
        return {name: fields(nested[name]) if name in nested else {} for name in names}

    assert fields(LoggingConfiguration) == members(service.shape_for("LoggingConfig"))
