"""Asking for findings: filters, order, limits."""

from __future__ import annotations

import pytest

from bedrock_audit.finding import Severity, Status, Verdict
from bedrock_audit.lifecycle import Transition
from bedrock_audit.ports import FindingQuery
from tests.stores.sightings import minutes, seen

HELPDESK, HIRING = "arn:aws:iam::111122223333:role/helpdesk", "arn:aws:iam::444455556666:role/team/hiring"
DESIGN = "consequential-decision"

FINDINGS = {
    "fake news": {"at": minutes(1), "principal": HELPDESK, "account": "111122223333", "severity": Severity.HIGH},
    "threat": {
        "at": minutes(2),
        "principal": HELPDESK,
        "account": "111122223333",
        "clause": "harassment-or-harm",
        "severity": Severity.CRITICAL,
    },
    "screening": {
        "at": minutes(3),
        "principal": HIRING,
        "account": "444455556666",
        "clause": DESIGN,
        "verdict": Verdict.UNAPPROVED_USE,
        "use_case": "hiring-assistant",
        "severity": Severity.MEDIUM,
    },
    "lapsed": {
        "at": minutes(4),
        "principal": HIRING,
        "account": "444455556666",
        "clause": DESIGN,
        "verdict": Verdict.LAPSED_APPROVAL,
        "use_case": "hiring-interviews",
        "severity": Severity.LOW,
    },
}


@pytest.fixture
def filled(stores):
    with stores.findings.unit():
        for name, facts in FINDINGS.items():
            stores.findings.record(seen(name, matter=name, title=name, **facts))
    resolution = Transition(to=Status.RESOLVED, actor="ann", at=minutes(9), reason="mended")
    stores.findings.change(seen(matter="threat").finding.id, resolution, expected_version=0)
    return stores


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        pytest.param({}, ["lapsed", "screening", "threat", "fake news"], id="everything, latest first"),
        pytest.param({"clause": DESIGN}, ["lapsed", "screening"], id="a clause"),
        pytest.param({"verdict": Verdict.UNAPPROVED_USE}, ["screening"], id="a verdict"),
        pytest.param({"min_severity": Severity.HIGH}, ["threat", "fake news"], id="a severity and worse"),
        pytest.param({"status": Status.RESOLVED}, ["threat"], id="a status"),
        pytest.param({"principal": HELPDESK}, ["threat", "fake news"], id="a principal"),
        pytest.param({"principal": HELPDESK[:-4]}, [], id="not part of a principal"),
        pytest.param({"principal": "arn:aws:iam::444455556666:role/team/*"}, ["lapsed", "screening"], id="a path"),
        pytest.param({"principal": "*"}, ["lapsed", "screening", "threat", "fake news"], id="any principal"),
        pytest.param({"account": "111122223333"}, ["threat", "fake news"], id="an account"),
        pytest.param({"use_case": "hiring-assistant"}, ["screening"], id="a use case"),
        pytest.param({"use_case": "hiring-*"}, ["lapsed", "screening"], id="use cases by prefix"),
        pytest.param({"use_case": "*"}, ["lapsed", "screening"], id="any use case at all"),
        pytest.param({"since": minutes(2)}, ["lapsed", "screening", "threat"], id="since, included"),
        pytest.param({"until": minutes(3)}, ["threat", "fake news"], id="until, not included"),
        pytest.param({"since": minutes(2), "until": minutes(4)}, ["screening", "threat"], id="a period"),
        pytest.param({"limit": 2}, ["lapsed", "screening"], id="the latest two"),
        pytest.param({"limit": 0}, [], id="none"),
        pytest.param({"principal": HIRING, "min_severity": Severity.MEDIUM}, ["screening"], id="two filters"),
        pytest.param(
            {"clause": DESIGN, "status": Status.OPEN, "since": minutes(4), "use_case": "hiring-*", "limit": 5},
            ["lapsed"],
            id="many filters",
        ),
        pytest.param({"clause": "no-such-clause"}, [], id="nothing like it"),
    ],
)
def test_a_query(filled, wanted, names):
    assert [finding.title for finding in filled.findings.query(FindingQuery(**wanted))] == names


@pytest.mark.parametrize("place", ["memory", "sqlite", "dynamodb-local"], indirect=True)
def test_findings_of_one_moment_come_in_a_fixed_order_over_many_pages(stores):
    with stores.findings.unit():
        for number in range(620):
            stores.findings.record(seen(f"req-{number}", matter=str(number)))

    found = [finding.id for finding in stores.findings.query(FindingQuery(clause="disinformation"))]

    assert len(found) == 620
    assert found == sorted(found, reverse=True)


def test_findings_can_be_changed_while_they_are_read(filled):
    acceptance = Transition(to=Status.ACCEPTED, actor="ann", at=minutes(9), reason="agreed")

    for finding in filled.findings.query(FindingQuery(status=Status.OPEN)):
        filled.findings.change(finding.id, acceptance, expected_version=finding.version)

    assert len(list(filled.findings.query(FindingQuery(status=Status.ACCEPTED)))) == 3
