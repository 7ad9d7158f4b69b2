"""What only the deployed stores do: indexes instead of scans, retries, expiry, images for the stream."""

from __future__ import annotations

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from bedrock_audit.aws.dynamodb import dynamodb_stores
from bedrock_audit.aws.dynamodb.requests import MOST_ATTEMPTS, Requests, Stretch
from bedrock_audit.aws.items import LIFE, finding_from, kept_from
from bedrock_audit.aws.tables import PARTITION, SORT, Key
from bedrock_audit.errors import BedrockAuditError
from bedrock_audit.finding import Status
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import FindingQuery, Stored, UsageQuery
from bedrock_audit.review import Review, ReviewOutcome
from tests.stores.places import dynamodb, made_tables
from tests.stores.sightings import minutes, seen, used

A = seen().finding.id
RETENTION = timedelta(days=100)


@pytest.fixture
def client():
    with mock_aws():
        yield dynamodb()


@pytest.fixture
def tables(client):
    return made_tables(client)


def opened(client, tables, *, sleep=lambda _seconds: None):
    return dynamodb_stores(client, tables, retention=RETENTION, sleep=sleep)


def stored_item(client, table, partition, sort):
    return client.get_item(TableName=table, Key={PARTITION: {"S": partition}, SORT: {"S": sort}})["Item"]


def moved_to(status, *, at=5.0):
    return Transition(to=status, actor="ann", at=minutes(at), reason="looked at it")


class Troubled:
    """A client whose transactions are cancelled, and batches cut short, so many times before they succeed."""

    def __init__(self, client, *codes, unprocessed=0):
        self._client = client
        self._codes = list(codes)
        self._unprocessed = unprocessed

    def __getattr__(self, name):
        return getattr(self._client, name)

    def transact_write_items(self, **request):
        if not self._codes:
            return self._client.transact_write_items(**request)
        reasons = [{"Code": self._codes.pop(0)}, {"Code": "None"}]
        response = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
        raise self.exceptions.TransactionCanceledException(response, "TransactWriteItems")

    def batch_get_item(self, **request):
        if not self._unprocessed:
            return self._client.batch_get_item(**request)
        self._unprocessed -= 1
        return {"Responses": {}, "UnprocessedKeys": request["RequestItems"]}


def test_nothing_is_ever_scanned(client, tables):
    asked = []
    client.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))
    stores = opened(client, tables)

    with stores.findings.unit():
        stores.findings.record(seen())
        stores.ledger.record_usage(used(review_due=minutes(1), end_user="user-1"))
    list(stores.findings.query(FindingQuery()))
    list(stores.findings.occurrences(A))
    list(stores.ledger.rows())
    stores.ledger.usage(UsageQuery())
    stores.use_cases.registry()
    stores.suppressions.all()
    list(stores.reviews.overdue(now=minutes(9), since=minutes(0)))

    assert set(asked) == {"GetItem", "BatchGetItem", "Query", "TransactWriteItems"}


def test_an_object_is_written_in_one_transaction_per_finding(client, tables):
    asked = []
    client.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))
    stores = opened(client, tables)

    with stores.findings.unit():
        for number in range(90):
            stores.findings.record(seen(f"req-{number}", at=minutes(number)))

    assert asked.count("TransactWriteItems") == 1


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_what_will_pass_is_tried_again_with_growing_pauses(client, tables, code):
    pauses = []
    stores = opened(Troubled(client, *[code] * 5), tables, sleep=pauses.append)

    assert stores.findings.record(seen()) is Stored.NEW
    assert len(pauses) == 5
    assert all(pause <= 0.02 * 2**attempt for attempt, pause in enumerate(pauses))


def test_trying_again_has_an_end(client, tables):
    stores = opened(Troubled(client, *["TransactionConflict"] * 100), tables)

    with pytest.raises(BedrockAuditError, match="too busy"):
        stores.findings.record(seen())

    assert opened(client, tables).findings.get(A) is None


def test_what_will_not_pass_is_not_tried_again(client, tables):
    stores = opened(Troubled(client, "ValidationError"), tables)

    with pytest.raises(ClientError):
        stores.findings.record(seen())


def test_a_lost_race_is_run_again_on_what_is_there_now(client, tables):
    stores = opened(Troubled(client, "ConditionalCheckFailed"), tables)

    assert stores.findings.record(seen()) is Stored.NEW
    assert stores.findings.get(A).occurrences == 1


def test_batches_that_come_back_in_part_are_asked_for_again(client, tables):
    opened(client, tables).findings.record(seen())

    patient = opened(Troubled(client, unprocessed=3), tables)
    hopeless = opened(Troubled(client, unprocessed=MOST_ATTEMPTS), tables)

    assert [finding.id for finding in patient.findings.query(FindingQuery())] == [A]
    with pytest.raises(BedrockAuditError, match="too busy to read"):
        list(hopeless.findings.query(FindingQuery()))


def test_a_stretch_of_many_pages_is_read_to_its_end(client, tables):
    requests = Requests(client, sleep=lambda _seconds: None)
    for number in range(7):
        requests.put(tables.use_cases, {PARTITION: {"S": "p"}, SORT: {"S": f"{number}"}})

    stretch = Stretch(table=tables.use_cases, partition="p")
    found = [item[SORT]["S"] for item in requests.stretch(stretch, newest_first=True, page=2)]

    assert found == ["6", "5", "4", "3", "2", "1", "0"]


def test_more_items_than_one_batch_takes_are_all_read(client, tables):
    requests = Requests(client, sleep=lambda _seconds: None)
    keys = [Key(partition="p", sort=f"{number:03d}") for number in range(130)]
    for key in keys:
        requests.put(tables.use_cases, {PARTITION: {"S": key.partition}, SORT: {"S": key.sort}})

    assert set(requests.items(tables.use_cases, [*keys, Key(partition="p", sort="none")])) == set(keys)


def test_a_finding_expires_only_when_it_is_closed(client, tables):
    stores = opened(client, tables)
    stores.findings.record(seen(at=minutes(0)))
    while_open = stored_item(client, tables.findings, A, "finding")

    stores.findings.change(A, moved_to(Status.RESOLVED, at=60), expected_version=0)
    closed = stored_item(client, tables.findings, A, "finding")
    stores.findings.record(seen("req-2", at=minutes(90)))
    reopened = stored_item(client, tables.findings, A, "finding")

    assert "expires" not in while_open
    assert int(closed["expires"]["N"]) == int((minutes(60) + RETENTION).timestamp())
    assert "expires" not in reopened


def test_occurrences_usages_and_reviews_expire(client, tables):
    stores = opened(client, tables)
    observation = seen(at=minutes(1))

    stores.findings.record(observation)
    stores.ledger.record_usage(used(at=minutes(1), end_user="user-1"))
    stores.reviews.record(Review(request_id="req-1", reviewer="dr-lee", outcome=ReviewOutcome.CONFIRMED, at=minutes(1)))

    expiring = [
        stored_item(client, tables.findings, observation.occurrence.id, "occurrence"),
        stored_item(client, tables.ledger, used().id, "usage"),
        stored_item(client, tables.ledger, "review#req-1", "reviewed"),
    ]
    assert {item["expires"]["N"] for item in expiring} == {str(int((minutes(1) + RETENTION).timestamp()))}


def test_the_item_of_a_finding_carries_all_that_an_alert_needs(client, tables):
    stores = opened(client, tables)
    stores.findings.record(seen(title="Asked for disinformation"))

    new = stored_item(client, tables.findings, A, "finding")
    stores.findings.change(A, moved_to(Status.ACKNOWLEDGED), expected_version=0)
    stepped = stored_item(client, tables.findings, A, "finding")

    assert finding_from(new).title == "Asked for disinformation"
    assert (new["kind"]["S"], new["changed"]["S"], new["severity"]["S"]) == ("finding", "new", "high")
    assert stepped["changed"]["S"] == LIFE
    assert kept_from(stepped).revision == kept_from(new).revision + 1
    assert finding_from(stepped) == stores.findings.get(A)
