"""How alerts leave the stack: what listens to what, how long it is patient, and what each function may do."""

from __future__ import annotations

import json

import pytest

from bedrock_audit.errors import ConfigurationError
from infra.settings import settings_from
from tests.infra.reading import plain, resources
from tests.infra.synth import EVERY_CHANNEL, template
from tests.infra.test_permissions import (
    ANY,
    KEEP_FINDINGS,
    READ,
    READ_REGISTRY,
    TRACES,
    WRITE_TABLES,
    own_log,
    permissions,
)

SECRET = EVERY_CHANNEL["webhook_secrets"]
PUBLISH = {f"sns:Publish on {{{topic}}}" for topic in ("Alerting/Alerts", "Alerting/Chat/Topic")}
SEAL = {
    f"kms:{action} on {{Key}} via {service}" for action in ("Decrypt", "GenerateDataKey") for service in ("sns", "sqs")
}
TELL = (
    PUBLISH
    | SEAL
    | {
        "sqs:SendMessage on {Sender/Webhooks/Postings}",
        "events:PutEvents on arn:{AWS::Partition}:events:{AWS::Region}:{AWS::AccountId}:event-bus/default",
    }
)
NOTE = {f"dynamodb:{action} on {{Store/Ledger}}" for action in ("BatchGetItem", "PutItem", "UpdateItem")}
GIVE_UP = {"sqs:SendMessage on {Sender/Lost}"}
SENDER = (
    own_log("Sender/AlertOnFinding")
    | TRACES
    | TELL
    | NOTE
    | WRITE_TABLES
    | GIVE_UP
    | {f"dynamodb:{action} on {{Store/Findings}}" for action in ("DescribeStream", "GetRecords", "GetShardIterator")}
    | {f"dynamodb:ListStreams on {ANY}"}
)
POSTER = (
    own_log("Sender/Webhooks/PostToWebhook")
    | TRACES
    | {
        *(f"sqs:{action}Message on {{Sender/Webhooks/Postings}}" for action in ("Delete", "Receive")),
        "sqs:GetQueueAttributes on {Sender/Webhooks/Postings}",
        "kms:Decrypt on {Key} via sqs",
        f"secretsmanager:GetSecretValue on {SECRET}",
        "kms:Decrypt on {Key} via secretsmanager",
    }
)


INDEXES = {
    "Store/Findings": ("by-status", "by-clause", "by-principal", "by-use-case", "by-finding"),
    "Store/Ledger": ("by-time", "by-review"),
}


def reads(table):
    places = [f"{{{table}}}", *(f"{{{table}}}/index/{name}" for name in INDEXES[table])]
    return {f"dynamodb:{action} on {place}" for action in READ for place in places}


DIGESTER = (
    own_log("Rounds/SendDigest")
    | TRACES
    | TELL
    | {"dynamodb:PutItem on {Store/Ledger}"}
    | WRITE_TABLES
    | GIVE_UP
    | reads("Store/Findings")
    | reads("Store/Ledger")
    | READ_REGISTRY
    | {f"sns:ListSubscriptionsByTopic on {{{topic}}}" for topic in ("Alerting/Alerts", "Alerting/Chat/Topic")}
)
WATCHER = (
    own_log("Rounds/KeepWatch")
    | TRACES
    | GIVE_UP
    | {f"kms:{action} on {{Key}} via sqs" for action in ("Decrypt", "GenerateDataKey")}
    | KEEP_FINDINGS
    | WRITE_TABLES
    | reads("Store/Ledger")
    | READ_REGISTRY
    | {f"cloudwatch:GetMetricData on {ANY}"}
)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("Sender/AlertOnFinding", SENDER),
        ("Sender/Webhooks/PostToWebhook", POSTER),
        ("Rounds/SendDigest", DIGESTER),
        ("Rounds/KeepWatch", WATCHER),
    ],
)
def test_who_tells_people_may_do_exactly_this(role, expected):
    assert permissions(template(**EVERY_CHANNEL))[role] == expected


def test_without_channels_nobody_may_use_them():
    may = permissions(template())

    assert "Sender/Webhooks/PostToWebhook" not in may
    used = {permission for role in ("Sender/AlertOnFinding", "Rounds/SendDigest") for permission in may[role]}
    assert not [one for one in used if one.startswith(("events:", "secretsmanager:")) or "Chat" in one]


def mapping(made, handler):
    """The event source mapping of the function with this handler."""
    (function,) = [
        path for path, one in resources(made, "AWS::Lambda::Function").items() if one["Handler"] == f"{handler}.handler"
    ]
    (found,) = [
        one
        for one in resources(made, "AWS::Lambda::EventSourceMapping").values()
        if one["FunctionName"] == f"{{{function}}}"
    ]
    return found


def test_alerts_follow_from_what_is_stored_and_a_failure_is_tried_for_hours_then_kept():
    found = mapping(template(), "alert_on_finding")

    assert found["EventSourceArn"] == "{Store/Findings}"
    assert found["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (found["BisectBatchOnFunctionError"], found["MaximumRecordAgeInSeconds"]) == (True, 6 * 3600)
    assert found["DestinationConfig"]["OnFailure"]["Destination"] == "{Sender/Lost}"
    assert json.loads(found["FilterCriteria"]["Filters"][0]["Pattern"]) == {
        "dynamodb": {"NewImage": {"kind": {"S": ["finding"]}}}
    }


def test_a_webhook_is_tried_for_as_long_as_the_stream_and_then_waits_for_people():
    made = template(**EVERY_CHANNEL)
    postings = resources(made, "AWS::SQS::Queue")["Sender/Webhooks/Postings"]
    poster = resources(made, "AWS::Lambda::Function")["Sender/Webhooks/PostToWebhook/Function"]

    assert postings["RedrivePolicy"]["deadLetterTargetArn"] == "{Sender/Webhooks/Unposted}"
    assert postings["RedrivePolicy"]["maxReceiveCount"] * postings["VisibilityTimeout"] == 6 * 3600
    assert postings["VisibilityTimeout"] > poster["Timeout"]
    assert mapping(made, "post_to_webhook")["BatchSize"] == 1


def test_rounds_are_made_on_schedule_with_the_time_they_were_due():
    rules = {
        path: rule for path, rule in resources(template(), "AWS::Events::Rule").items() if path.startswith("Rounds/")
    }

    assert {path: rule["ScheduleExpression"] for path, rule in rules.items()} == {
        "Rounds/Repeats": "cron(5 * * * ? *)",
        "Rounds/Daily": "cron(15 * * * ? *)",
        "Rounds/Silence": "cron(20 * * * ? *)",
        "Rounds/Reviews": "cron(35 * * * ? *)",
        "Rounds/LateReviews": "cron(50 6 * * ? *)",
    }
    for rule in rules.values():
        (target,) = rule["Targets"]
        assert target["InputTransformer"]["InputTemplate"].endswith('"at":<time>}')
        assert target["InputTransformer"]["InputPathsMap"] == {"time": "$.time"}
        assert target["DeadLetterConfig"]["Arn"] == "{Sender/Lost}"


def test_the_summary_comes_when_it_is_set_to():
    digest = resources(template(daily_summary_hour=17), "AWS::Lambda::Function")["Rounds/SendDigest/Function"]

    assert digest["Environment"]["Variables"]["BEDROCK_AUDIT_SUMMARY_HOUR"] == "17"


def test_whoever_writes_in_the_chat_may_do_nothing_here():
    """Left out, the guardrail is AdministratorAccess."""
    (channel,) = resources(template(**EVERY_CHANNEL), "AWS::Chatbot::SlackChannelConfiguration").values()

    assert channel["GuardrailPolicies"] == ["arn:{AWS::Partition}:iam::aws:policy/AWSDenyAll"]
    assert channel["SnsTopicArns"] == ["{Alerting/Chat/Topic}"]


WORKING = {
    "Auditor": "Auditor/AuditLogObject",
    "Recorder": "Auditor/RecordFailedObject",
    "ReviewRecorder": "Reviews/RecordReview",
    "AlertSender": "Sender/AlertOnFinding",
    "WebhookPoster": "Sender/Webhooks/PostToWebhook",
}


def test_every_alarm_reaches_topic_and_chat_and_says_what_to_do():
    alarms = resources(template(**EVERY_CHANNEL), "AWS::CloudWatch::Alarm")

    assert set(alarms) == {
        f"Monitoring/{name}"
        for name in (
            "ObjectsGivenUp",
            "ObjectsParked",
            "QueueBehind",
            *(f"{name}{what}" for name in WORKING for what in ("Fails", "Throttled")),
            "CoverageLow",
            "AuditLag",
            "NothingAudited",
            "ReviewsRefused",
            "AlertsLost",
            "AlertsUnposted",
            "AlertsBehind",
            "SubscriptionUnconfirmed",
            "SubscriberRefuses",
            "ChatRefuses",
            "DigestsMissed",
            "WatchMissed",
        )
    }
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == ["{Alerting/Alerts}", "{Alerting/Chat/Topic}"]
        assert len(alarm["AlarmDescription"]) > 40


def test_alarms_reach_webhooks_too():
    made = template(**EVERY_CHANNEL)
    rule = resources(made, "AWS::Events::Rule")["Monitoring/OnAlarm"]
    (target,) = rule["Targets"]

    assert rule["EventPattern"]["detail"]["alarmName"] == [{"prefix": "{AWS::StackName}-Monitoring"}]
    assert all(path.startswith("Monitoring/") for path in resources(made, "AWS::CloudWatch::Alarm"))
    assert (target["Arn"], target["DeadLetterConfig"]["Arn"]) == ("{Rounds/SendDigest/Function}", "{Sender/Lost}")
    assert "InputTransformer" not in target
    assert "Monitoring/OnAlarm" not in resources(template(), "AWS::Events::Rule")


def metrics_of(alarm):
    """Names and dimensions of all metrics that an alarm looks at."""
    simple = [alarm] if "MetricName" in alarm else []
    inner = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
    return {
        (one["MetricName"], *(f"{each['Name']}={each['Value']}" for each in one.get("Dimensions", [])))
        for one in (*simple, *inner)
    }


@pytest.mark.parametrize(
    ("alarm", "metrics"),
    [
        ("NothingAudited", {("SilentHours", "service=keep_watch")}),
        ("SubscriptionUnconfirmed", {("SubscriptionsUnconfirmed", "service=send_digest")}),
        ("AlertsBehind", {("IteratorAge", "FunctionName={Sender/AlertOnFinding/Function}")}),
        ("SubscriberRefuses", {("NumberOfNotificationsFailed", "TopicName={Alerting/Alerts}")}),
        ("ChatRefuses", {("NumberOfNotificationsFailed", "TopicName={Alerting/Chat/Topic}")}),
        *(
            (name, {("ApproximateNumberOfMessagesVisible", f"QueueName={{{queue}}}")})
            for name, queue in {
                "ObjectsGivenUp": "Intake/Failed",
                "ObjectsParked": "Intake/Parked",
                "ReviewsRefused": "Reviews/Refused",
                "AlertsLost": "Sender/Lost",
                "AlertsUnposted": "Sender/Webhooks/Unposted",
            }.items()
        ),
        *((f"{name}Fails", {("Errors", f"FunctionName={{{path}/Function}}")}) for name, path in WORKING.items()),
        *((f"{name}Throttled", {("Throttles", f"FunctionName={{{path}/Function}}")}) for name, path in WORKING.items()),
    ],
)
def test_an_alarm_looks_at_what_the_functions_tell(alarm, metrics):
    assert metrics_of(resources(template(**EVERY_CHANNEL), "AWS::CloudWatch::Alarm")[f"Monitoring/{alarm}"]) == metrics


SCHEDULED = {"DigestsMissed": "SendDigest", "WatchMissed": "KeepWatch"}


@pytest.mark.parametrize(("alarm", "function"), SCHEDULED.items())
def test_a_schedule_that_stops_is_noticed_though_nothing_fails(alarm, function):
    """Every other alarm is silent when a rule is switched off: a function that is never called has no errors."""
    made = template()
    found = resources(made, "AWS::CloudWatch::Alarm")[f"Monitoring/{alarm}"]
    hourly = [
        rule
        for rule in resources(made, "AWS::Events::Rule").values()
        if "* * * ?" in rule.get("ScheduleExpression", "") and f"{{Rounds/{function}/Function}}" in json.dumps(rule)
    ]

    handler = resources(made, "AWS::Lambda::Function")[f"Rounds/{function}/Function"]["Handler"].removesuffix(
        ".handler"
    )
    assert metrics_of(found) == {("RoundsDone", f"service={handler}")}
    assert (found["TreatMissingData"], found["ComparisonOperator"]) == ("breaching", "LessThanThreshold")
    assert found["Threshold"] == len(hourly) == 2
    assert (found["Period"], found["Statistic"], found["EvaluationPeriods"]) == (3600, "Sum", 3)


def test_every_function_that_works_by_itself_is_watched():
    made = template(**EVERY_CHANNEL)

    functions = {path for path in resources(made, "AWS::Lambda::Function") if "Logging" not in path}
    watched = {*WORKING.values(), *(f"Rounds/{name}" for name in SCHEDULED.values())}
    assert functions == {f"{path}/Function" for path in watched}


def test_only_a_pulse_rings_when_nothing_is_heard():
    alarms = resources(template(**EVERY_CHANNEL), "AWS::CloudWatch::Alarm")

    breaching = {path for path, alarm in alarms.items() if alarm["TreatMissingData"] == "breaching"}
    assert breaching == {f"Monitoring/{name}" for name in SCHEDULED}


def test_the_dashboard_has_a_row_for_every_question():
    (board,) = resources(template(), "AWS::CloudWatch::Dashboard").values()

    titles = [
        widget["properties"]["title"] for widget in json.loads(plain(template(), board["DashboardBody"]))["widgets"]
    ]
    assert titles[0] == "Is anything ringing?"
    assert len(titles) == 10


@pytest.mark.parametrize(
    ("file", "told"),
    [
        pytest.param(
            "rules:\n  - {then: page, channels: [slak]}\n", r"routes.yaml:2: .*no channel 'slak'", id="channel"
        ),
        pytest.param("rules:\n  - {then: shout}\n", r"routes.yaml:2: .*shout", id="outcome"),
    ],
)
def test_wrong_routes_are_refused_before_anything_is_deployed(tmp_path, file, told):
    path = tmp_path / "routes.yaml"
    path.write_text(file)

    with pytest.raises(ConfigurationError, match=told):
        template(**EVERY_CHANNEL, routes=str(path))


def test_routes_may_name_a_webhook_by_its_secret(tmp_path):
    path = tmp_path / "routes.yaml"
    path.write_text("rules:\n  - {then: page, channels: [slack, topic, chat, bus]}\n")

    made = template(**EVERY_CHANNEL, routes=str(path))

    environment = resources(made, "AWS::Lambda::Function")["Sender/AlertOnFinding/Function"]["Environment"]["Variables"]
    assert environment["BEDROCK_AUDIT_ROUTES"] == "routes.yaml"


def arn(name):
    return f"arn:aws:secretsmanager:us-east-1:123456789012:secret:{name}"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"webhook-secrets": "slack"}, "webhook-secrets", id="a name is no ARN"),
        pytest.param({"webhook-secrets": arn("slack")}, "webhook-secrets", id="an ARN without its last letters"),
        pytest.param({"webhook-secrets": arn("topic-AbCdEf")}, "'topic' already", id="a name that is taken"),
        pytest.param(
            {"webhook-secrets": f"{arn('slack-AbCdEf')},{arn('slack-GhIjKl')}"}, "'slack' already", id="one name twice"
        ),
        pytest.param({"event-bus": "my bus"}, "event-bus", id="no bus can be called so"),
        pytest.param({"slack-channel": "C1"}, "slack-channel: needs slack-workspace", id="a channel of no workspace"),
        pytest.param({"slack-workspace": "T1"}, "slack-channel: needs slack-workspace", id="a workspace alone"),
        pytest.param({"daily-summary-hour": "24"}, "daily-summary-hour: .*<= 23", id="no such hour"),
        pytest.param({"silent-hours": "0"}, "silent-hours: .*>= 1", id="no time to be silent"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(given, told):
    with pytest.raises(ConfigurationError, match=told):
        settings_from({f"bedrock-audit:{name}": value for name, value in given.items()})
