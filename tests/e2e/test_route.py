"""From an object in the log bucket to findings, occurrences and the stream, whatever the queue does on the way."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from bedrock_audit.demo.day import write_day
from bedrock_audit.detect import Detector
from bedrock_audit.finding import Verdict
from bedrock_audit.local import open_stores
from bedrock_audit.local.log_files import LocalLogs
from bedrock_audit.normalise.bodies import NoBodies
from bedrock_audit.pipeline import Engine, audit_object
from bedrock_audit.policy import load_policy
from bedrock_audit.ports import FindingQuery
from tests.e2e.pipeline import until
from tests.log_lines import HARMLESS, HOUR, LENDING, line, log_object


def test_an_object_in_the_bucket_becomes_a_finding_with_its_occurrence(pipeline):
    uri = pipeline.put("first", line(LENDING, request_id="f1", role="first"), line(HARMLESS, request_id="f2"))

    finding = until(lambda: pipeline.about("first"))

    (occurrence,) = pipeline.stores.findings.occurrences(finding.id)
    assert (finding.verdict, finding.domain, finding.occurrences) == (Verdict.UNAPPROVED_USE, "lending", 1)
    assert (occurrence.object, occurrence.line, occurrence.request_id) == (uri, 1, "f1")
    assert pipeline.audited(uri).coverage.records == 2


def test_what_is_stored_is_streamed(pipeline):
    pipeline.put("streamed", line(LENDING, request_id="s1", role="streamed"))
    finding = until(lambda: pipeline.about("streamed"))

    streams = pipeline.emulator.client("dynamodbstreams")
    table = pipeline.deployed.at("Store/Findings")
    (stream,) = [one["StreamArn"] for one in streams.list_streams(TableName=table)["Streams"]]
    shards = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
    asked = [{"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"} for shard in shards]
    iterators = [streams.get_shard_iterator(StreamArn=stream, **one)["ShardIterator"] for one in asked]
    records = [record for one in iterators for record in streams.get_records(ShardIterator=one)["Records"]]
    assert any(finding.id in str(record["dynamodb"].get("NewImage")) for record in records)


def test_an_object_delivered_many_times_counts_once(pipeline):
    uri = pipeline.put("again", *(line(LENDING, request_id=f"a{number}", role="again") for number in range(3)))
    pipeline.audited(uri)

    pipeline.announce(uri, times=5)

    until(lambda: pipeline.waiting("Queue") == 0)
    assert pipeline.about("again").occurrences == 3


def test_the_order_of_objects_makes_no_difference(pipeline):
    """The later object is there first; the finding's times and counts are those of both."""
    times = {"late": "2026-11-23T15:00:00Z", "early": "2026-11-23T09:00:00Z"}
    for name, time in times.items():
        uri = pipeline.put(name, line(LENDING, request_id=name, role="unordered", timestamp=time))
        pipeline.audited(uri)

    finding = until(lambda: (one := pipeline.about("unordered")) and one.occurrences == 2 and one)

    assert (finding.first_seen.hour, finding.last_seen.hour) == (9, 15)


def test_a_half_broken_object_yields_what_is_whole_and_names_what_is_not(pipeline):
    whole = line(LENDING, request_id="h1", role="half")
    broken = gzip.compress("\n".join([whole, '{"schemaType": "Model', "", whole[:200]]).encode())[:-9]

    uri = pipeline.put_bytes(f"{HOUR}/half.json.gz", broken)

    row = pipeline.audited(uri)
    unreadable = [one for one in pipeline.findings() if one.evidence.object == uri and one.clause == "coverage"]
    assert pipeline.about("half").occurrences == 1
    assert row.coverage.unreadable >= 2
    assert {one.verdict for one in unreadable} == {Verdict.COULD_NOT_EVALUATE}


def test_what_lies_beside_the_log_is_not_even_queued(pipeline):
    pipeline.put_bytes(f"{HOUR}/data/r1_input.json.gz", log_object([line(LENDING, role="beside")]))
    pipeline.put_bytes("amazon-bedrock-logs-permission-check", b"")
    uri = pipeline.put("after", line(HARMLESS, request_id="after"))

    pipeline.audited(uri)

    assert pipeline.about("beside") is None
    assert all("/data/" not in row.key for row in pipeline.stores.ledger.rows())


def embedded_findings(folder, store):
    """What the engine on a file finds in a folder of logs."""
    logs = LocalLogs()
    with open_stores(store) as stores:
        engine = Engine(
            detector=Detector(load_policy(None)), stores=stores, bodies=NoBodies(), clock=lambda: datetime.now(UTC)
        )
        for log in logs.listed(str(folder)):
            with logs.opened(log.name) as stream:
                audit_object(log, stream, engine=engine)
        return list(stores.findings.query(FindingQuery()))


def told(findings):
    """What must be the same wherever the engine runs; coverage findings name the object and so differ."""
    return {(one.id, one.occurrences, one.severity, one.disposition) for one in findings if one.clause != "coverage"}


def test_the_deployed_pipeline_finds_what_the_embedded_one_finds(pipeline, tmp_path):
    folder = write_day(tmp_path / "day", day=datetime(2026, 11, 22, tzinfo=UTC))

    for path in folder.rglob("*.json.gz"):
        pipeline.audited(pipeline.put_bytes(f"AWSLogs/{path.relative_to(folder)}", path.read_bytes()))

    embedded = embedded_findings(folder, tmp_path / "embedded.db")
    accounts = {one.account for one in embedded if one.clause != "coverage"}
    assert len(told(embedded)) > 5
    assert told(one for one in pipeline.findings() if one.account in accounts) == told(embedded)
