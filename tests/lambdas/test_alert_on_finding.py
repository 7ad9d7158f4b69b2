"""From a stored finding to messages: once, whatever the stream, a channel or a crash does."""

from __future__ import annotations

import json

import boto3
import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

from bedrock_audit.finding import Evidence, Origin, Severity, Status
from bedrock_audit.lifecycle import Transition
from tests.builders import NOON, a_finding
from tests.lambdas.alerting import Alerting

SECRET = "the very words of the prompt"
WITH_CONTENT = {
    "evidence": Evidence(object="s3://b/k", line=1, request_id="r", excerpt=SECRET),
    "explanation": (SECRET,),
}


@pytest.fixture
def alerting(account, monkeypatch):
    return Alerting(account, monkeypatch)


def about(role, **more):
    return a_finding(id=f"v-{role}", principal=f"arn:aws:iam::123456789012:role/{role}", **more)


def poison():
    """A record that no version of this program has written."""
    image = {"kind": {"S": "finding"}, "changed": {"S": "new"}, "document": {"S": f'{{"id": "{SECRET}"'}}
    return {"dynamodb": {"NewImage": image}}


def test_what_is_stored_is_told_once_on_every_channel(alerting):
    record = alerting.stored(a_finding())

    for _ in range(3):
        assert alerting.stream(record) == {"batchItemFailures": []}

    (message,) = alerting.received()
    assert (message["cause"], message["finding"]["occurrences"]) == ("new", 1)
    assert message["command"].endswith(" --aws")
    assert [posted["webhook"] for posted in alerting.posted()] == ["slack"]


def test_a_batch_of_which_one_fails_goes_on_from_it_and_repeats_nobody(alerting):
    first, second = alerting.stored(about("first")), alerting.stored(about("second"))

    answer = alerting.stream(first, poison(), second)
    again = alerting.stream(poison(), second)  # from the first that failed on, as Lambda does

    assert answer == {"batchItemFailures": [{"itemIdentifier": "101"}]}
    assert again == {"batchItemFailures": [{"itemIdentifier": "100"}]}
    assert [message["finding"]["id"] for message in alerting.received()] == ["v-first", "v-second"]


def test_a_channel_that_refuses_is_told_when_it_is_well_and_the_others_only_once(alerting):
    record = alerting.stored(a_finding())
    alerting.break_topic()

    with pytest.raises(BatchProcessingError, match="NotFound"):
        alerting.stream(record)
    alerting.mend_topic()
    assert alerting.stream(record) == {"batchItemFailures": []}

    assert len(alerting.received()) == 1
    assert len(alerting.posted()) == 1


def test_killed_between_storing_and_telling_the_alert_still_comes_once(alerting):
    """The auditor's process may end right after the write: the record waits in the stream, not in the process."""
    record = alerting.stored(a_finding())

    alerting.deployed()  # another process
    alerting.stream(record)
    alerting.deployed()
    alerting.stream(record)

    assert len(alerting.received()) == 1


def test_reopened_and_worse_findings_are_told_again_and_repeats_are_not(alerting):
    records = [
        alerting.stored(a_finding(severity=Severity.MEDIUM)),
        alerting.stored(a_finding(severity=Severity.MEDIUM), request_id="r2"),
        alerting.stored(a_finding(), request_id="r3"),
        resolved(alerting, a_finding().id),
        alerting.stored(a_finding(), request_id="r4", at=NOON.replace(hour=23)),
    ]

    for record in records:
        alerting.stream(record)

    assert [message["cause"] for message in alerting.received()] == ["new", "severity-raised", "reopened"]


def resolved(alerting, finding_id):
    """Somebody resolves the finding; what the stream says of it."""
    before, finding = alerting.item(finding_id), alerting.stores.findings.get(finding_id)
    done = Transition(to=Status.RESOLVED, actor="ana", at=NOON.replace(hour=14), reason="talked to them")
    alerting.stores.findings.change(finding_id, done, expected_version=finding.version)
    return alerting.changed(finding_id, before)


@pytest.mark.parametrize(
    "quiet",
    [{"origin": Origin.BACKFILL}, {"shadow": True}, {"suppressed_by": "s-1"}],
    ids=["backfill", "trial", "silence"],
)
def test_what_is_quiet_is_not_told_until_it_happens_for_good(alerting, quiet):
    alerting.stream(alerting.stored(a_finding(**quiet)))
    assert alerting.received() == []

    alerting.stream(alerting.stored(a_finding(), request_id="r2"))

    assert [message["cause"] for message in alerting.received()] == ["new"]


def test_a_storm_of_one_caller_is_one_alert_and_one_digest(alerting):
    records = [alerting.stored(a_finding(id=f"v-{number}"), request_id=f"r{number}") for number in range(60)]

    alerting.stream(*records)
    assert len(alerting.received()) == 1
    alerting.digest("repeats")
    alerting.digest("repeats")

    (digest,) = alerting.received()
    assert digest["lines"] == [
        "[high] violation: disinformation by role/helpdesk (123456789012): 59 new, 59 occurrences",
        "",
        "See them: bedrock-audit findings list --status open --aws",
    ]


def test_a_storm_of_many_callers_is_capped_said_and_summed_up(alerting):
    records = [alerting.stored(about(f"r{number}"), request_id=f"r{number}") for number in range(30)]

    alerting.stream(*records)
    told = alerting.received()
    alerting.digest("repeats")

    assert [message["schema"] for message in told] == [*["bedrock-audit/alert/1"] * 20, "bedrock-audit/digest/1"]
    assert told[-1]["kind"] == "storm"
    (digest,) = alerting.received()
    assert digest["title"].endswith(": 10 new, 0 again, worst high")
    assert "Held back because the hour had too many alerts: 10." in digest["lines"]


def test_a_worse_finding_still_alerts_in_a_storm(alerting):
    mild = [alerting.stored(about(f"m{n}", severity=Severity.MEDIUM), request_id=f"r{n}") for n in range(30)]
    worst = alerting.stored(about("worst", severity=Severity.CRITICAL), request_id="w")

    alerting.stream(*mild, worst)

    assert alerting.received()[-1]["subject"] == "[critical] violation: disinformation by role/worst"


def test_logs_and_metrics_count_what_became_of_alerts_and_hold_no_content(alerting, told):
    record = alerting.stored(about("good", **WITH_CONTENT))
    alerting.stream(record, poison(), record)
    alerting.break_topic()
    with pytest.raises(BatchProcessingError):
        alerting.stream(alerting.stored(about("bad", **WITH_CONTENT)))

    written = told()
    assert SECRET not in written
    assert "role/good" not in written
    assert "DecodeError" in written
    assert "NotFound" in written
    assert '"AlertsPaged":[1.0]' in written
    assert '"AlertsSaidBefore":[1.0]' in written
    assert written.count('"AlertsFailed":[1.0]') == 2


def test_what_the_ledger_keeps_of_alerts_says_nothing_of_content(alerting):
    for number in range(2):
        alerting.stream(alerting.stored(a_finding(id=f"v-{number}", **WITH_CONTENT), request_id=f"r{number}"))

    items = boto3.client("dynamodb").scan(TableName=alerting.account.tables.ledger)["Items"]
    assert {item["kind"]["S"] for item in items} == {"alerts", "waiting"}
    assert SECRET not in json.dumps(items)
