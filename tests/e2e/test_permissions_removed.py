"""Each permission that the emulator enforces is taken away in turn: something must fail, and say what is missing.

What it does not enforce (keys, the queue poller's own reading, X-Ray, log streams) is held by tests/infra.
"""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from bedrock_audit.ports import UsageQuery
from bedrock_audit.use_case import Safeguards, Who
from tests.builders import a_use_case
from tests.e2e.pipeline import until
from tests.e2e.roles import without
from tests.log_lines import HOUR, LENDING, line

AUDITOR = "Auditor/AuditLogObject"
RECORDER = "Auditor/RecordFailedObject"
FINDINGS, LEDGER, USE_CASES = "Store/Findings", "Store/Ledger", "Registry/UseCases"
numbers = itertools.count()


@pytest.fixture(scope="module")
def approved(pipeline):
    """A role whose lending is approved up to a number a day, so that its calls are recorded and counted."""
    who, daily = Who(principals=("role/approved",)), Safeguards(max_daily_decisions=1000)
    approved = a_use_case("approved", who=who, safeguards=daily, expires_at=date(2099, 1, 1))
    pipeline.stores.use_cases.save(approved, seen=pipeline.stores.use_cases.registry())
    return "approved"


class Complaints:
    """What the functions say of failures from now on."""

    def __init__(self, pipeline):
        self._log = pipeline.emulator.log
        self._start = len(self._log.read_text())

    def about(self, action):
        told = self._log.read_text()[self._start :].splitlines()
        failures = ('"A message failed"', "will come again later")
        return next((one for one in told if action in one and any(failure in one for failure in failures)), None)


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("s3:GetObject", ""),
        ("dynamodb:GetItem", FINDINGS),
        ("dynamodb:PutItem", FINDINGS),
        ("dynamodb:GetItem", LEDGER),
        ("dynamodb:PutItem", LEDGER),
        ("dynamodb:BatchGetItem", LEDGER),
        ("dynamodb:UpdateItem", LEDGER),
        ("dynamodb:Query", LEDGER),
        ("dynamodb:Query", USE_CASES),
    ],
)
def test_the_auditor_says_what_it_may_not_do_and_goes_on_once_it_may(pipeline, approved, action, on):
    name = f"denied-{next(numbers)}"
    complaints = Complaints(pipeline)

    with without(pipeline.deployed, AUDITOR, action, on=pipeline.deployed.at(on) if on else ""):
        lines = (line(LENDING, request_id=name, role=name), line(LENDING, request_id=f"{name}-use", role=approved))
        uri = pipeline.put(name, *lines)
        until(lambda: complaints.about(action))

    pipeline.audited(uri)
    assert pipeline.about(name).occurrences == 1
    assert sum(one.uses for one in pipeline.stores.ledger.usage(UsageQuery(use_case=approved))) >= 1


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("dynamodb:GetItem", FINDINGS),
        ("dynamodb:PutItem", FINDINGS),
        ("dynamodb:GetItem", LEDGER),
        ("dynamodb:Query", USE_CASES),
        ("sqs:SendMessage", "Intake/Parked"),
    ],
)
def test_the_recorder_says_what_it_may_not_do(pipeline, action, on):
    complaints = Complaints(pipeline)
    body = f'{{"detail": {{"bucket": {{"name": "{pipeline.bucket}"}}, "object": {{"key": "{HOUR}/{next(numbers)}"}}}}}}'
    place = "Parked" if action.startswith("sqs") else pipeline.deployed.at(on)

    with without(pipeline.deployed, RECORDER, action, on=place):
        pipeline.sqs.send_message(QueueUrl=pipeline.queue("Failed"), MessageBody=body)
        until(lambda: complaints.about(action))


def test_without_leave_to_hurry_a_failed_message_says_that_it_comes_later(pipeline):
    complaints = Complaints(pipeline)

    with without(pipeline.deployed, AUDITOR, "sqs:ChangeMessageVisibility"):
        pipeline.announce(f"s3://{pipeline.bucket}/{HOUR}/never-there-{next(numbers)}.json.gz")
        until(lambda: complaints.about("ChangeMessageVisibility"))

    pipeline.sqs.purge_queue(QueueUrl=pipeline.queue("Queue"))  # it would come again in half an hour
