"""How far behind the audit says it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

import audit_log_object
from bedrock_audit.aws.queue_messages import QueuedObject, message, queued_object
from bedrock_audit.finding import Origin
from tests.lambdas.deployed import Context, batch
from tests.log_lines import HOUR, line, log_object

KEY = f"{HOUR}/20261123T120000Z_ab.json.gz"
DAY_S = 86_400


def audited(account, told, *, ago, **how):
    """The lags that are told of an object with a call of just now and one of `ago`."""
    now = datetime.now(UTC)
    lines = [line(request_id=f"r{at:%j}", timestamp=f"{at:%Y-%m-%dT%H:%M:%SZ}") for at in (now, now - ago)]
    log = queued_object(account.put(KEY, log_object(lines))).log
    audit_log_object.handler(batch(message(QueuedObject(log=log, **how))), Context())
    return [json.loads(one)["AuditLag"] for one in told().splitlines() if '"AuditLag":' in one]


def test_the_lag_is_that_of_the_oldest_invocation_not_of_its_log_object(account, told):
    (lag,) = audited(account, told, ago=timedelta(days=3))

    assert 3 * DAY_S <= lag[0] < 4 * DAY_S


def test_a_clock_that_runs_ahead_is_no_negative_lag(account, told):
    assert audited(account, told, ago=timedelta(days=-1))[0][0] >= 0


@pytest.mark.parametrize("how", [{"origin": Origin.BACKFILL}, {"is_redriven": True}], ids=["backfill", "redriven"])
def test_what_people_take_up_later_is_not_late(account, told, how):
    assert audited(account, told, ago=timedelta(days=3), **how) == []
