from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from bedrock_audit.coverage import Coverage, LedgerRow
from bedrock_audit.finding import Origin
from tests.builders import NOON
from tests.cli.deployed import deployed_stack as deployed_stack  # noqa: PLC0414 - a fixture

SINCE = ("backfill", "--since", "2026-11-22T10:30:00Z", "--until", "2026-11-23T09:00:00Z", "--per-second", "1000")


def audited(deployed, uri, *, etag):
    deployed.stores.ledger.save(
        LedgerRow(
            key=uri, etag=etag, engine_version="0", policy_version="0", audited_at=NOON, coverage=Coverage(objects=1)
        )
    )


def names(queued):
    return {one.log.name for one in queued}


def test_the_hours_of_the_period_are_queued_and_marked_as_backfill(deployed_stack):
    inside = {deployed_stack.put(hour) for hour in ("2026/11/22/10", "2026/11/22/23", "2026/11/23/08")}
    for hour in ("2026/11/22/09", "2026/11/23/09", "2026/11/24/00"):
        deployed_stack.put(hour)

    (row,) = deployed_stack.rows(*SINCE)

    queued = deployed_stack.waiting(deployed_stack.queue)
    assert (row["found"], row["queued"], names(queued)) == (3, 3, inside)
    assert {one.origin for one in queued} == {Origin.BACKFILL}


def test_every_account_and_region_that_logs_there_is_fed(deployed_stack):
    places = [("111111111111", "us-east-1"), ("111111111111", "eu-west-1"), ("222222222222", "us-east-1")]
    inside = {deployed_stack.put("2026/11/22/12", account=account, region=region) for account, region in places}

    deployed_stack.rows(*SINCE)

    assert names(deployed_stack.waiting(deployed_stack.queue)) == inside


def test_more_than_one_batch_is_sent(deployed_stack):
    inside = {deployed_stack.put("2026/11/22/12", name=f"{number:02d}") for number in range(23)}

    deployed_stack.rows(*SINCE)

    assert names(deployed_stack.waiting(deployed_stack.queue)) == inside


def test_what_is_audited_already_is_passed_over(deployed_stack):
    done, changed = (deployed_stack.put("2026/11/22/12", name=name) for name in ("done", "changed"))
    etag = deployed_stack.s3.head_object(Bucket="invocation-logs", Key=done.partition("logs/")[2])["ETag"].strip('"')
    audited(deployed_stack, done, etag=etag)
    audited(deployed_stack, changed, etag="of another content")

    (row,) = deployed_stack.rows(*SINCE)

    assert (row["audited_before"], names(deployed_stack.waiting(deployed_stack.queue))) == (1, {changed})


def test_again_feeds_what_is_audited_already(deployed_stack):
    done = deployed_stack.put("2026/11/22/12")
    etag = deployed_stack.s3.head_object(Bucket="invocation-logs", Key=done.partition("logs/")[2])["ETag"].strip('"')
    audited(deployed_stack, done, etag=etag)

    (row,) = deployed_stack.rows(*SINCE, "--again")

    assert row["queued"] == 1


def test_a_listing_goes_on_where_it_was_stopped(deployed_stack):
    uris = [deployed_stack.put(hour) for hour in ("2026/11/22/11", "2026/11/22/12", "2026/11/23/01")]

    (row,) = deployed_stack.rows(*SINCE, "--after", uris[0])

    assert (row["found"], names(deployed_stack.waiting(deployed_stack.queue))) == (2, set(uris[1:]))


def interrupt_once(is_time):
    """Press Ctrl-C as soon as it is time."""

    def watch():
        while not is_time():
            time.sleep(0.02)
        time.sleep(1)  # by then it waits for its next batch, for a hundred seconds
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


@pytest.mark.usefixtures("heeding_interrupts")
def test_stopped_by_hand_it_says_how_to_go_on_and_nothing_is_sent_twice(deployed_stack):
    uris = sorted(deployed_stack.put("2026/11/22/12", name=f"{number:02d}") for number in range(12))
    interrupt_once(lambda: deployed_stack.depth(deployed_stack.queue) == 10)

    stopped = deployed_stack.run(*SINCE[:-1], "0.1", "--in-flight", "1000")

    assert (stopped.exit_code, f"--after {uris[9]}" in stopped.stderr) == (130, True), stopped.output
    (row,) = deployed_stack.rows(*SINCE, "--after", uris[9])
    queued = deployed_stack.waiting(deployed_stack.queue)
    assert (row["queued"], len(queued), names(queued)) == (2, 12, set(uris))


def test_a_dry_run_only_counts(deployed_stack):
    deployed_stack.put("2026/11/22/12")

    (row,) = deployed_stack.rows(*SINCE, "--dry-run")

    assert (row["found"], row["bytes"] > 0, row["queued"]) == (1, True, 0)
    assert deployed_stack.waiting(deployed_stack.queue) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("backfill",), "Missing option '--since'"),
        (("backfill", "--since", "yesterday"), "yesterday"),
        (("backfill", "--since", "2026-11-02", "--until", "2026-11-01"), "must be later than --since"),
        (("backfill", "--since", "2999-01-01"), "must be later than --since"),
        (("backfill", "--since", "2026-11-01", "--stack", "Other"), "stack Other in us-east-1: could not be read"),
        (("backfill", "--since", "2026-11-01", "--after", "x"), "x: is not of the form s3://bucket/prefix"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(deployed_stack, arguments, told):
    result = deployed_stack.run(*arguments)

    assert result.exit_code == 2
    assert told in result.stderr
