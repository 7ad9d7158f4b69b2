from __future__ import annotations

import itertools
import json

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

from audit_log_object import handler
from bedrock_audit.aws.queue_messages import QueuedObject, message, queued_object
from bedrock_audit.finding import Origin, Status
from bedrock_audit.intake import given_up
from bedrock_audit.ports import FindingQuery, LogObject
from tests.lambdas.deployed import BUCKET, Context, batch, event
from tests.log_lines import HARMLESS, HOUR, LENDING, line, log_object

KEY = f"{HOUR}/20261123T120000Z_ab.json.gz"
DAY = [line(LENDING, request_id=f"r{number}", role=f"role-{number}") for number in range(6)]


def findings(account):
    return sorted(finding.id for finding in account.stores.findings.query(FindingQuery()))


def run(account, *bodies, context=None, attempt=1):
    return handler(batch(*bodies, attempt=attempt), context or Context())


def shrinking(*times):
    """A context whose remaining time goes down with every look at it, and stays at the last value."""
    left = itertools.chain(times, itertools.repeat(times[-1]))
    return Context(lambda: next(left))


def test_an_object_that_is_announced_becomes_findings(account):
    body = account.put(KEY, log_object([line(LENDING), line(HARMLESS, request_id="b")]))

    answer = run(account, body)

    assert answer == {"batchItemFailures": []}
    row = account.stores.ledger.row(f"s3://{BUCKET}/{KEY}")
    assert (len(findings(account)), row.coverage.records, row.next_line) == (1, 2, None)


def test_a_batch_of_which_one_fails_keeps_the_others(account):
    good = account.put(KEY, log_object([line(LENDING)]))

    answer = run(account, event(f"{HOUR}/gone.json.gz"), good)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert len(findings(account)) == 1


def test_a_batch_that_fails_altogether_fails_the_run(account):
    with pytest.raises(BatchProcessingError, match="NoSuchKey"):
        run(account, event(f"{HOUR}/gone.json.gz"))


@pytest.mark.parametrize("key", [f"{HOUR}/data/r_input.json.gz", f"{HOUR}/amazon-bedrock-logs-permission-check"])
def test_what_lies_beside_the_log_is_passed_over(account, key):
    body = account.put(key, b"not a log")

    assert run(account, body) == {"batchItemFailures": []}
    assert account.stores.ledger.row(f"s3://{BUCKET}/{key}") is None


def test_an_offloaded_body_is_read(account):
    place = f"{HOUR}/data/req-1_input.json.gz"
    said = {"messages": [{"role": "user", "content": [{"text": LENDING}]}]}
    account.put(place, json.dumps(said).encode())
    record = line(input={"inputContentType": "application/json", "inputBodyS3Path": f"s3://{BUCKET}/{place}"})

    run(account, account.put(KEY, log_object([record])))

    assert account.stores.ledger.row(f"s3://{BUCKET}/{KEY}").coverage.gaps == {}
    assert len(findings(account)) == 1


def test_when_time_runs_out_the_rest_is_queued_and_nothing_is_lost(account):
    body = account.put(KEY, log_object(DAY))

    run(account, body, context=shrinking(300_000, 300_000, 290_000, 200_000, 100_000, 90_000, 10_000))

    (rest,) = account.waiting(account.queue)
    stopped = account.stores.ledger.row(f"s3://{BUCKET}/{KEY}")
    assert queued_object(rest).log.name == f"s3://{BUCKET}/{KEY}"
    assert 1 < stopped.next_line <= 6
    run(account, rest)
    row = account.stores.ledger.row(f"s3://{BUCKET}/{KEY}")
    assert (row.next_line, row.coverage.records, row.coverage.objects, len(findings(account))) == (None, 6, 1, 6)


def test_what_comes_when_the_time_is_gone_goes_back_without_a_mark(account):
    """A message that was only unlucky must not come nearer to being given up."""
    body = account.put(KEY, log_object(DAY))

    answer = run(account, body, context=shrinking(300_000, 10_000))

    assert answer == {"batchItemFailures": []}
    assert len(account.waiting(account.queue)) == 1


def test_an_object_that_no_run_can_get_into_is_an_error(account):
    body = account.put(KEY, log_object(DAY))

    with pytest.raises(BatchProcessingError, match="a whole run is too short to get to line 1"):
        run(account, body, context=shrinking(300_000, 300_000, 290_000, 10_000))


def test_a_redelivered_object_changes_nothing(account):
    body = account.put(KEY, log_object(DAY))
    run(account, body)
    before = (findings(account), account.stores.ledger.row(f"s3://{BUCKET}/{KEY}"))

    run(account, body, body, attempt=2)

    assert (findings(account), account.stores.ledger.row(f"s3://{BUCKET}/{KEY}")) == before


def test_findings_of_a_backfill_are_marked(account):
    account.put(KEY, log_object([line(LENDING)]))
    log = LogObject(name=f"s3://{BUCKET}/{KEY}", etag="1", size=1)

    run(account, message(QueuedObject(log=log, origin=Origin.BACKFILL)))

    (finding,) = account.stores.findings.query(FindingQuery())
    assert finding.origin is Origin.BACKFILL


def test_a_redriven_object_that_succeeds_closes_its_finding(account):
    from needs import AuditorSettings
    from settings import settings_of
    from wiring import engine

    account.put(KEY, log_object([line(HARMLESS)]))
    log = LogObject(name=f"s3://{BUCKET}/{KEY}", etag="1", size=1)
    name = given_up(log, engine=engine(settings_of(AuditorSettings)), delivery="m0")

    run(account, message(QueuedObject(log=log, is_redriven=True)))

    assert account.stores.findings.get(name).status is Status.RESOLVED


def test_no_word_of_a_prompt_reaches_the_function_s_log(account, told):
    secret = "Zebulon Quetzalcoatl asks whether we should approve this loan for him"
    bodies = [
        account.put(KEY, log_object([line(secret), secret, '{"requestId": "' + secret])),
        event(f"{HOUR}/gone.json.gz"),
    ]

    run(account, *bodies)

    assert "NoSuchKey" in told()
    assert not any(word in told() for word in ("Zebulon", "Quetzalcoatl", "approve this loan"))
