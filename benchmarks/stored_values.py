"""Observations, usages and ledger rows in the sizes they have on real logs, for measuring what storing them takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bedrock_audit.coverage import Coverage, LedgerRow
from bedrock_audit.finding import (
    Attribution,
    Evidence,
    Finding,
    Observation,
    Occurrence,
    Severity,
    Span,
    Usage,
    Verdict,
    derived_id,
    occurrence_id,
)

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FOLDER = (
    "s3://amzn-bedrock-logs-123456789012-eu-central-1/AWSLogs/123456789012/BedrockModelInvocationLogs/eu-central-1"
    "/2026/11/23/12"
)
PRINCIPAL = "arn:aws:iam::123456789012:role/marketing/content-generator"
MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0"


def an_observation(number: int, *, finding_id: str, second: int) -> Observation:
    """A violation as it is found in real logs, in sizes too."""
    place = "/input/inputBodyJson/messages/0/content/0/text"
    request = _request(number)
    finding = Finding(
        id=finding_id,
        verdict=Verdict.VIOLATION,
        clause="disinformation",
        severity=Severity.HIGH,
        account="123456789012",
        region="eu-central-1",
        principal=PRINCIPAL,
        attribution=Attribution.VERIFIED,
        first_seen=START + timedelta(seconds=second),
        last_seen=START + timedelta(seconds=second),
        evidence=Evidence(
            object=an_object(number // 100),
            line=number % 1000 + 1,
            request_id=request,
            location=place,
            spans=(Span(location=place, start=10, end=60), Span(location=place, start=80, end=120)),
            excerpt="Write twenty reviews as if by different customers who love the product we have not shipped",
            text_hash="0123456789abcdef0123456789abcdef",
        ),
        policy_version="2023-09-28+0123456789ab",
        engine_version="1.0.0",
        detector="clause",
        score=0.93,
        model_id=MODEL,
        title="Asked for fabricated reviews",
        explanation=("An ask to write in other people's name was found.", "The text is meant to be published."),
    )
    occurrence = Occurrence(
        id=occurrence_id(finding_id=finding_id, identity=request),
        finding_id=finding_id,
        identity=f"{request}|Converse|2026-11-23T12:00:00Z",
        request_id=request,
        at=START + timedelta(seconds=second),
        object=finding.evidence.object,
        line=finding.evidence.line,
        model_id=finding.model_id,
        session="content-generator-0",
    )
    return Observation(finding=finding, occurrence=occurrence)


def a_usage(number: int, *, second: int, end_users: int) -> Usage:
    """A permitted use by one of so many declared end users."""
    return Usage(
        id=derived_id("p", _request(number)),
        use_case="loan-desk",
        domain="lending",
        account="123456789012",
        principal=PRINCIPAL,
        identity=f"{_request(number)}|Converse|2026-11-23T12:00:00Z",
        request_id=_request(number),
        at=START + timedelta(seconds=second),
        object=an_object(number // 100),
        line=number % 100 + 1,
        end_user=f"customer-{number % end_users}",
        region="eu-central-1",
        model_id=MODEL,
    )


def a_row(number: int, *, records: int) -> LedgerRow:
    """The ledger row of an object of so many records."""
    return LedgerRow(
        key=an_object(number),
        etag="0123456789abcdef0123456789abcdef",
        engine_version="1.0.0",
        policy_version="2023-09-28+0123456789ab",
        audited_at=START,
        coverage=Coverage(objects=1, records=records, audited=records, parts=3 * records, languages={"en": records}),
        account="123456789012",
        region="eu-central-1",
        first=START,
        last=START + timedelta(minutes=5),
    )


def an_object(number: int) -> str:
    """The name of a log object."""
    return f"{FOLDER}/20261123T120000000Z_{number:016x}.json.gz"


def _request(number: int) -> str:
    return f"{number:08d}-0000-4000-8000-000000000000"
