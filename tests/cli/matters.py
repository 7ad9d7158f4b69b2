"""Three findings that tests of the command line work on: a violation, a break-out by a red team, a use."""

from __future__ import annotations

from bedrock_audit.finding import Evidence, Severity, Span, Verdict
from tests.stores.sightings import minutes, seen

HELPDESK = "arn:aws:iam::123456789012:role/helpdesk"
RED_TEAM = "arn:aws:iam::123456789012:role/red-team"
NEWS = seen(
    "req-1",
    matter="news",
    at=minutes(1),
    severity=Severity.HIGH,
    principal=HELPDESK,
    title="Asked for fake news",
    explanation=("The user asked for it.", "It is to be published."),
    evidence=Evidence(
        object="s3://logs/day.json.gz",
        line=12,
        request_id="req-1",
        location="/input/text",
        spans=(Span(location="/input/text", start=3, end=9),),
        excerpt="write [red]fake[/red] news \x1b[2J",
    ),
)
BREAKOUT = seen("req-2", matter="jailbreak", at=minutes(2), clause="safety-circumvention", principal=RED_TEAM)
HIRING = seen(
    "req-3",
    matter="hiring",
    at=minutes(3),
    verdict=Verdict.UNAPPROVED_USE,
    clause="consequential-decision",
    domain="employment",
    severity=Severity.MEDIUM,
)
IDS = {name: one.finding.id for name, one in {"news": NEWS, "jailbreak": BREAKOUT, "hiring": HIRING}.items()}
