"""What no log record tells: that Bedrock was called and nothing was audited, that a review did not come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import wiring
from bedrock_audit.finding import Usage, Verdict
from bedrock_audit.policy import load_policy
from bedrock_audit.ports import FindingQuery
from tests.builders import ACCOUNT, NOON, ROLE_ARN, a_use_case
from tests.lambdas.alerting import Alerting

HOUR = timedelta(hours=1)


@pytest.fixture
def alerting(account, monkeypatch):
    return Alerting(account, monkeypatch)


def test_both_counts_are_told(alerting, told):
    """moto's CloudWatch answers no search, so nothing was called; tests/aws has the other cases."""
    alerting.watch(watch="silence", at=NOON)

    assert '"BedrockInvocations":[0.0],"SilentHours":[0.0],"RoundsDone":[1.0]' in told()


def used(number, *, due):
    return Usage(
        id=f"g-{number}",
        use_case="loan-desk",
        domain="lending",
        account=ACCOUNT,
        principal=ROLE_ARN,
        identity=f"i{number}",
        request_id=f"r{number}",
        at=due - timedelta(days=1),
        object="s3://b/k",
        line=1,
        review_due=due,
    )


def test_a_review_that_did_not_come_becomes_one_finding_however_often_it_is_looked_for(alerting):
    alerting.stores.use_cases.save(a_use_case(version=1), seen=alerting.stores.use_cases.registry())
    now = datetime.now(UTC)
    for number in range(3):
        alerting.stores.ledger.record_usage(used(number, due=now - HOUR))

    for _ in range(2):
        alerting.watch(watch="reviews", days=2, at=now)

    (finding,) = alerting.stores.findings.query(FindingQuery())
    assert (finding.verdict, finding.use_case, finding.occurrences) == (Verdict.SAFEGUARD_MISSING, "loan-desk", 3)
    assert finding.policy_version == load_policy().version


def test_without_late_reviews_no_policy_is_loaded(alerting):
    now = datetime.now(UTC)
    alerting.stores.ledger.record_usage(used(1, due=now - timedelta(days=9)))
    alerting.stores.ledger.record_usage(used(2, due=now + HOUR))

    alerting.watch(watch="reviews", days=2, at=now)

    assert wiring.engine.cache_info().currsize == 0
