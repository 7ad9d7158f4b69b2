from __future__ import annotations

from audit_log_object import handler as audit
from bedrock_audit.finding import Status, Verdict
from bedrock_audit.ports import FindingQuery
from record_failed_object import handler
from tests.lambdas.deployed import BUCKET, Context, batch, event
from tests.log_lines import HOUR, line, log_object

KEY = f"{HOUR}/20261123T120000Z_ab.json.gz"


def test_an_object_given_up_is_named_in_a_finding_and_parked(account):
    body = event(KEY)

    answer = handler(batch(body, attempt=1), Context())

    (finding,) = account.stores.findings.query(FindingQuery())
    assert answer == {"batchItemFailures": []}
    assert (finding.verdict, finding.evidence.object) == (Verdict.COULD_NOT_EVALUATE, f"s3://{BUCKET}/{KEY}")
    assert account.waiting(account.parked) == [body]


def test_a_message_that_names_no_object_is_not_lost_either(account):
    handler(batch("no message of ours"), Context())

    (finding,) = account.stores.findings.query(FindingQuery())
    assert finding.evidence.object == "queue message m0"
    assert account.waiting(account.parked) == ["no message of ours"]


def test_a_message_told_twice_is_one_occurrence(account):
    for _ in range(2):
        handler(batch(event(KEY)), Context())

    (finding,) = account.stores.findings.query(FindingQuery())
    assert finding.occurrences == 1


def test_what_was_audited_beside_an_object_that_crashes_is_not_given_up(account):
    """The crash brings the whole batch back until its messages have failed often enough."""
    body = account.put(KEY, log_object([line()]))
    audit(batch(body), Context())

    handler(batch(body), Context())

    assert list(account.stores.findings.query(FindingQuery())) == []
    assert account.waiting(account.parked) == []


def test_what_was_given_up_before_and_is_audited_by_now_is_closed(account):
    handler(batch(event(KEY)), Context())
    body = account.put(KEY, log_object([line()]))
    audit(batch(body), Context())

    handler(batch(body), Context())

    (finding,) = account.stores.findings.query(FindingQuery())
    assert finding.status is Status.RESOLVED
